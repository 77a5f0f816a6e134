import type { KeyValue } from "etcd-web";
import { bytesLiteral } from "../../text/key-text.ts";
import { asSeenCode, listCode } from "../../text/txn-text.ts";
import { type KeyChange, toBatches } from "../../values/apply-changes.ts";

/** One key as it was, in TypeScript. */
export function restoreKeyCode({ key, modRevision }: KeyValue): string {
  return `const then = await etcd.get(${bytesLiteral(key)}, { revision: ${modRevision}n });
const now = await etcd.get(${bytesLiteral(key)});
if (then) {
  await etcd.update(then.key, then.value, {
    ifModRevision: now?.modRevision ?? 0n, // 0: it is not there
    ...(now?.lease && { lease: now.lease }),
  });
}`;
}

/** What brings the keys back, in TypeScript; undefined for more than one transaction, which nobody would read. */
export function restoreCode(steps: readonly KeyChange[]): string | undefined {
  if (toBatches(steps).length > 1) return undefined;
  const conditions = steps.map(({ key, before }) => asSeenCode(key, before));
  return `import { compare, op } from "etcd-web";

const { succeeded } = await etcd.txn({
${listCode("compare", conditions)}${listCode("success", steps.map(change))}});
if (!succeeded) console.log("Something was changed meanwhile: nothing was done.");`;
}

function change({ key, after, lease }: KeyChange): string {
  if (after === undefined) return `op.delete(${bytesLiteral(key)})`;
  const options = lease === undefined ? "" : `, { lease: ${lease}n }`;
  return `op.put(${bytesLiteral(key)}, ${bytesLiteral(after)}${options})`;
}
