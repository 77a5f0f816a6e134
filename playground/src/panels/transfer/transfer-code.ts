import { bytesLiteral } from "../../text/key-text.ts";
import { asSeenCode, linesCode } from "../../text/txn-text.ts";
import { toBatches } from "../../values/apply-changes.ts";
import { changesOf } from "./apply.ts";
import type { Change } from "./plan.ts";

/** Reads a prefix at one revision, and prints the document that the panel exports. */
export function exportCode(prefix: Uint8Array): string {
  const range = prefix.length === 0 ? "{ all: true }" : `{ prefix: ${bytesLiteral(prefix)} }`;
  return `const range = ${range};
const { revision } = await etcd.range(range, { limit: 1, keysOnly: true });
const keys: { readonly key: unknown; readonly value: unknown }[] = [];
for await (const { key, value } of etcd.scan(range, { revision })) keys.push({ key: toJson(key), value: toJson(value) });
const prefix = toJson(${prefix.length === 0 ? "new Uint8Array()" : bytesOf(prefix)});
console.log(JSON.stringify({ format: "etcd-web/keys/1", prefix, revision: String(revision), keys }, undefined, 2));

/** Text as it is; what is not UTF-8 as base64. */
function toJson(bytes: Uint8Array): string | { readonly base64: string } {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { base64: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")) };
  }
}
`;
}

/** Makes the changes of a preview, as the panel does: each transaction only where its keys are still what they were. */
export function importCode(planned: readonly Change[]): string {
  return `import { type Compare, compare, type Op, op } from "etcd-web";

/** All of it, where the keys are as they were in the preview; else nothing. */
async function apply(asPlanned: readonly Compare[], changes: readonly Op[]): Promise<void> {
  const { succeeded } = await etcd.txn({ compare: asPlanned, success: changes });
  if (!succeeded) throw new Error("Somebody has changed a key since the preview.");
}

${toBatches(changesOf(planned)).map(batchCode).join("\n")}`;
}

function batchCode(batch: readonly Change[]): string {
  const conditions = batch.map(({ key, before }) => asSeenCode(key, before));
  return `await apply(\n  [\n${linesCode(conditions, "    ")}  ],\n  [\n${linesCode(batch.map(opCode), "    ")}  ],\n);\n`;
}

function opCode({ key, after }: Change): string {
  return after === undefined
    ? `op.delete(${bytesLiteral(key)})`
    : `op.put(${bytesLiteral(key)}, ${bytesLiteral(after)})`;
}

function bytesOf(bytes: Uint8Array): string {
  return `Uint8Array.of(${bytes.join(", ")})`;
}
