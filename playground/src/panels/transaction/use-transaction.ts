import type { Op, TxnResult } from "etcd-web";
import { useEffect, useState } from "react";
import { useConnection } from "../../connection/use-connection.ts";
import { usePanelParam } from "../../route/use-route.ts";
import { type Failure, toFailure } from "../../text/failure.ts";
import { emptyForm, formatForm, parseForm, type TxnForm, templates } from "./form.ts";
import { toTxn } from "./to-txn.ts";
import { txnCode } from "./txn-code.ts";
import { type WireMessage, wireMessage } from "./wire.ts";

export type Ran =
  | { readonly form: TxnForm; readonly result: TxnResult<readonly Op[], readonly Op[]>; readonly ms: number }
  | { readonly form: TxnForm; readonly failure: Failure };

/** The transaction that is filled in: its link, what it is in other words, and what came of it. */
export function useTransaction() {
  const { etcd } = useConnection();
  const [text, setText] = usePanelParam("txn");
  const [wire, setWire] = useState<WireMessage>();
  const [fault, setFault] = useState<string>();
  const [ran, setRan] = useState<Ran>();
  const form = parseForm(text) ?? templates[0]?.form ?? emptyForm;
  const wanted = formatForm(form);

  useEffect(() => {
    let current = true;
    wireMessage(parseForm(wanted) ?? emptyForm).then(
      (message) => {
        if (!current) return;
        setWire(message);
        setFault(undefined);
      },
      (error: unknown) => {
        if (current) setFault(toFailure(error).sentence);
      },
    );
    return () => {
      current = false;
    };
  }, [wanted]);

  async function run(): Promise<void> {
    const begun = performance.now();
    try {
      const result = await etcd.txn(toTxn(form));
      setRan({ form, result, ms: performance.now() - begun });
    } catch (error) {
      setRan({ form, failure: toFailure(error) });
    }
  }

  return {
    form,
    wire,
    /** What is wrong with it, before etcd is asked. */
    fault,
    code: fault === undefined ? codeOf(form) : undefined,
    ran,
    change: (next: TxnForm): void => setText(formatForm(next)),
    run: (): void => void run(),
  };
}

function codeOf(form: TxnForm): string | undefined {
  try {
    return txnCode(form);
  } catch {
    return undefined; // `fault` will say why.
  }
}
