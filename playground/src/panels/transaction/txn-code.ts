import { bytesLiteral, parseKey } from "../../text/key-text.ts";
import { listCode } from "../../text/txn-text.ts";
import { type CompareRow, emptyForm, type OpRow, type TxnForm } from "./form.ts";
import { toNumber } from "./to-txn.ts";

/** The same in TypeScript. Throws "invalid-argument", as running it would. */
export function txnCode(form: TxnForm): string {
  return `import { compare, op } from "etcd-web";

const { succeeded, revision, results } = await etcd.txn(${formCode(form)});
console.log(succeeded ? "then" : "else", revision, results);
`;
}

/** An object literal; its lines, but the first, stand at this indentation. */
function formCode({ compare, success, failure }: TxnForm, indent = ""): string {
  const ops = (rows: readonly OpRow[]): readonly string[] => rows.map((row) => opCode(row, `${indent}    `));
  const lists = { compare: compare.map(compareCode), success: ops(success), failure: ops(failure) };
  const parts = Object.entries(lists)
    .map(([name, lines]) => listCode(name, lines, indent))
    .join("");
  return parts === "" ? "{}" : `{\n${parts}${indent}}`;
}

function compareCode({ key, prefix, target, relation, against }: CompareRow): string {
  if (target === "missing" || target === "exists") return `compare.${target}(${literal(key)})`;
  const value = target === "value" ? literal(against) : `${toNumber(against, target)}n`;
  return `compare.${target}(${rangeCode(key, prefix)}).${relation}(${value})`;
}

function opCode({ kind, key, prefix, value, txn = emptyForm }: OpRow, indent: string): string {
  if (kind === "txn") return `op.txn(${formCode(txn, indent)})`;
  if (kind === "put") return `op.put(${literal(key)}, ${literal(value)}, { prevKv: true })`;
  if (kind === "get") return `op.get(${literal(key)})`;
  if (kind === "range") return `op.range(${rangeCode(key, true)})`;
  return `op.delete(${rangeCode(key, prefix)}, { prevKv: true })`;
}

function rangeCode(key: string, prefix: boolean): string {
  return prefix ? `{ prefix: ${literal(key)} }` : literal(key);
}

function literal(text: string): string {
  return bytesLiteral(parseKey(text));
}
