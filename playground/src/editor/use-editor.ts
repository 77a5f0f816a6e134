import type { Etcd } from "etcd-web";
import { useState } from "react";
import { fromPrintable, toPrintable } from "../text/printable.ts";
import type { Example } from "./example.ts";
import type { Outcome } from "./outcome.ts";
import { useOutcome } from "./use-outcome.ts";

/** The form: its fields, its buttons, and what came of the last one. */
export interface Editor {
  readonly key: string;
  readonly value: string;
  readonly outcome: Outcome | undefined;
  setKey(key: string): void;
  setValue(value: string): void;
  put(): void;
  get(): void;
  remove(): void;
  /** Takes a key into the form, with its value. */
  select(key: string): void;
  /** Takes a pair into the form, and puts it. */
  putExample(example: Example): void;
}

export function useEditor(etcd: Etcd): Editor {
  const [key, setKey] = useState("");
  const [value, setValue] = useState("");
  const [outcome, run] = useOutcome(etcd);

  // A write goes on when another button is pressed: both were meant.
  function put(pair: Example): void {
    run({ type: "pending", doing: "Putting", key: pair.key }, async () => {
      const { revision } = await etcd.put(fromPrintable(pair.key), fromPrintable(pair.value));
      return { type: "put", key: pair.key, revision };
    });
  }

  function get(wanted: string): void {
    run({ type: "pending", doing: "Getting", key: wanted }, async (signal) => {
      const kv = await etcd.get(fromPrintable(wanted), { signal });
      if (kv === undefined) return { type: "missing", key: wanted };
      if (!signal.aborted) setValue(toPrintable(kv.value));
      return { type: "got", key: wanted, kv };
    });
  }

  function remove(): void {
    run({ type: "pending", doing: "Deleting", key }, async () => {
      const { deleted, revision } = await etcd.delete({ key: fromPrintable(key) });
      return deleted === 0 ? { type: "nothing-deleted", key } : { type: "deleted", key, revision };
    });
  }

  return {
    key,
    value,
    outcome,
    setKey,
    setValue,
    put: () => put({ key, value }),
    get: () => get(key),
    remove,
    select(selected) {
      setKey(selected);
      get(selected);
    },
    putExample(example) {
      setKey(example.key);
      setValue(example.value);
      put(example);
    },
  };
}
