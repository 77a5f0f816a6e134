import { type Compare, compare, EtcdError, type Op, op, type Range } from "etcd-web";
import { parseKey } from "../../text/key-text.ts";
import { type CompareRow, emptyForm, type OpRow, type TxnForm } from "./form.ts";

/** What the library takes. Throws "invalid-argument" for what cannot be. */
export function toTxn({ compare, success, failure }: TxnForm): {
  readonly compare: readonly Compare[];
  readonly success: readonly Op[];
  readonly failure: readonly Op[];
} {
  return { compare: compare.map(toCompare), success: success.map(toOp), failure: failure.map(toOp) };
}

function toCompare({ key, prefix, target, relation, against }: CompareRow): Compare {
  const bytes = requireKey(key, prefix);
  if (target === "missing" || target === "exists") return compare[target](bytes);
  const range: Range = prefix ? { prefix: bytes } : bytes;
  if (target === "value") return compare.value(range)[relation](parseKey(against));
  return compare[target](range)[relation](toNumber(against, target));
}

function toOp({ kind, key, prefix, value, txn = emptyForm }: OpRow): Op {
  if (kind === "txn") return op.txn(toTxn(txn));
  const bytes = requireKey(key, kind === "range" || prefix);
  if (kind === "put") return op.put(bytes, parseKey(value), { prevKv: true });
  if (kind === "get") return op.get(bytes);
  if (kind === "range") return op.range({ prefix: bytes });
  return op.delete(prefix ? { prefix: bytes } : bytes, { prevKv: true });
}

function requireKey(key: string, emptyIsFine: boolean): Uint8Array {
  if (key === "" && !emptyIsFine) throw new EtcdError("invalid-argument", "A line has no key yet");
  return parseKey(key);
}

/** Leases are hexadecimal wherever the page shows them. */
export function toNumber(text: string, target: CompareRow["target"]): bigint {
  const digits = text.trim();
  if (target === "lease" && /^[0-9a-f]+$/i.test(digits)) return BigInt(`0x${digits}`);
  if (target !== "lease" && /^\d+$/.test(digits)) return BigInt(digits);
  const wanted = target === "lease" ? "a lease's id, in hexadecimal" : "a whole number";
  throw new EtcdError("invalid-argument", `"${text}" is not ${wanted}`);
}
