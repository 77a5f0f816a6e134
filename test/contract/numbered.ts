import { type Etcd, type KeyValue, op } from "../../src/index.ts";

/** Puts keys 000000, 000001, … whose value begins with their number. */
export async function fill(etcd: Etcd, prefix: string, count: number, value = ""): Promise<void> {
  const numbers = Array.from({ length: count }, (_, i) => i);
  for (let from = 0; from < count; from += 100) {
    const puts = numbers.slice(from, from + 100).map((i) => op.put(keyOf(prefix, i), `${i}${value}`));
    await etcd.txn({ success: puts });
  }
}

/** The key of a number. */
export function keyOf(prefix: string, i: number): string {
  return prefix + String(i).padStart(6, "0");
}

/** Every pair of a scan. */
export async function all(pairs: AsyncIterable<KeyValue>): Promise<KeyValue[]> {
  const gathered: KeyValue[] = [];
  for await (const kv of pairs) gathered.push(kv);
  return gathered;
}
