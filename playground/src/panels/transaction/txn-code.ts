import { bytesLiteral, parseKey } from "../../text/key-text.ts";
import type { CompareRow, OpRow, TxnForm } from "./form.ts";
import { toNumber } from "./to-txn.ts";

/** The same in TypeScript. Throws "invalid-argument", as running it would. */
export function txnCode({ compare, success, failure }: TxnForm): string {
  const parts = [
    list("compare", compare.map(compareCode)),
    list("success", success.map(opCode)),
    list("failure", failure.map(opCode)),
  ];
  return `import { compare, op } from "etcd-web";

const { succeeded, revision, results } = await etcd.txn({
${parts.join("")}});
console.log(succeeded ? "then" : "else", revision, results);
`;
}

function list(name: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `  ${name}: [\n${lines.map((line) => `    ${line},\n`).join("")}  ],\n`;
}

function compareCode({ key, prefix, target, relation, against }: CompareRow): string {
  if (target === "missing" || target === "exists") return `compare.${target}(${literal(key)})`;
  const value = target === "value" ? literal(against) : `${toNumber(against, target)}n`;
  return `compare.${target}(${rangeCode(key, prefix)}).${relation}(${value})`;
}

function opCode({ kind, key, prefix, value }: OpRow): string {
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
