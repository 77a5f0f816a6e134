import type { KeyValue } from "etcd-web";
import { bytesLiteral } from "../../text/key-text.ts";
import { asSeenCode, grantCode, listCode } from "../../text/txn-text.ts";

/** What the panel does, in TypeScript. */
export const keyCode = {
  get: (key: Uint8Array): string => `const kv = await etcd.get(${bytesLiteral(key)});\nconsole.log(kv?.text());`,
  create: (key: Uint8Array, value: Uint8Array, ttlSeconds?: number): string =>
    ttlSeconds === undefined
      ? `await etcd.create(${bytesLiteral(key)}, ${bytesLiteral(value)});`
      : `${grantCode(ttlSeconds)}await etcd.create(${bytesLiteral(key)}, ${bytesLiteral(value)}, { lease });`,
  save: ({ key, modRevision }: KeyValue, value: Uint8Array): string =>
    `// Rejects with "conflict" where somebody else was faster.
await etcd.update(${bytesLiteral(key)}, ${bytesLiteral(value)}, { ifModRevision: ${modRevision}n, ignoreLease: true });`,
  /** Seconds of a lease of its own, the id of one that is there, or neither: for ever. */
  live: (
    { key, value, modRevision }: KeyValue,
    lease: { readonly ttlSeconds: number } | bigint | undefined,
  ): string => {
    const isNew = typeof lease === "object";
    const grant = isNew ? grantCode(lease.ttlSeconds) : "";
    const named = isNew ? ", lease" : lease === undefined ? "" : `, lease: ${lease}n`;
    return `${grant}await etcd.update(${bytesLiteral(key)}, ${bytesLiteral(value)}, { ifModRevision: ${modRevision}n${named} });`;
  },
  delete: (keys: readonly Uint8Array[]): string => {
    if (keys.length === 1 && keys[0] !== undefined) return `await etcd.delete(${bytesLiteral(keys[0])});`;
    const deletions = keys.map((key) => `op.delete(${bytesLiteral(key)})`);
    return `import { op } from "etcd-web";\n\nawait etcd.txn({\n${listCode("success", deletions)}});`;
  },
  move: (kv: KeyValue, to: Uint8Array, keep: boolean): string => {
    const lease = kv.lease === 0n ? "" : `, { lease: ${kv.lease}n }`;
    const operations = [`op.put(${bytesLiteral(to)}, ${bytesLiteral(kv.value)}${lease})`];
    if (!keep) operations.push(`op.delete(${bytesLiteral(kv.key)})`);
    return `import { compare, op } from "etcd-web";

const moved = await etcd.txn({
  compare: [${asSeenCode(kv.key, kv)}, ${asSeenCode(to, undefined)}],
  success: [${operations.join(", ")}],
});
if (!moved.succeeded) console.log("somebody else was faster");`;
  },
} as const;
