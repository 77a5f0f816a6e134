import type { Etcd } from "etcd-web";
import { useCallback } from "react";
import { toFailure } from "../../text/failure.ts";
import { countOf } from "../../text/format.ts";
import { keyText } from "../../text/key-text.ts";
import { confirm } from "../../ui/confirm.tsx";
import { toast, toastFailure } from "../../ui/toast.tsx";
import { mostOps } from "../../values/transactions.ts";
import { deleteKeys, putBack } from "./change-keys.ts";
import { keyCode } from "./key-code.ts";

const named = 5;
/** More than so many want to be typed. */
const many = 1_000;

/** Deletes keys after a question, and offers to put them back; whether it did. Keeps its identity. */
export function useDeleting(etcd: Etcd): (keys: readonly Uint8Array[]) => Promise<boolean> {
  return useCallback((keys) => askAndDelete(etcd, keys), [etcd]);
}

async function askAndDelete(etcd: Etcd, keys: readonly Uint8Array[]): Promise<boolean> {
  const what = keys.length === 1 && keys[0] ? keyText(keys[0]) : countOf(keys.length, "key");
  const yes = await confirm({
    title: keys.length === 1 ? "Delete this key?" : `Delete ${what}?`,
    body: <Names keys={keys} />,
    ...(keys.length <= mostOps && { code: keyCode.delete(keys) }),
    action: keys.length === 1 ? "Delete it" : `Delete ${what}`,
    ...(keys.length > many && { phrase: `delete ${keys.length}` }),
  });
  if (!yes) return false;
  try {
    const gone = await deleteKeys(etcd, keys);
    const undo = async (): Promise<void> => {
      const back = await putBack(etcd, gone);
      toast({ tone: "good", text: `${countOf(back, "key")} put back` });
    };
    toast({
      tone: "good",
      text: `Deleted ${what}`,
      action: { label: "Undo", run: () => void undo().catch((error: unknown) => toastFailure(toFailure(error))) },
    });
    return true;
  } catch (error) {
    toastFailure(toFailure(error));
    return false;
  }
}

function Names({ keys }: { readonly keys: readonly Uint8Array[] }) {
  const names = keys.slice(0, named).map(keyText);
  return (
    <ul className="deleted-names mono">
      {names.map((name) => (
        <li key={name}>{name}</li>
      ))}
      {keys.length > named && <li className="muted">and {countOf(keys.length - named, "other")}</li>}
    </ul>
  );
}
