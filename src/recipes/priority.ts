import { type Key, toPrintable, toText } from "../base/bytes.ts";
import { EtcdError } from "../base/errors.ts";
import type { EtcdKeyspace } from "../client/etcd.ts";
import { compare } from "../kv/compare.ts";
import { op } from "../kv/op.ts";
import type { Platform } from "../platform/platform.ts";
import type { CallOptions } from "../transport/caller.ts";
import { under, uniqueName } from "./names.ts";
import { tellingApart } from "./uncertain.ts";

/** The queue a value goes into. */
interface Into {
  readonly etcd: EtcdKeyspace;
  readonly platform: Platform;
  readonly name: Key;
}

/**
 * Adds a value behind those of its priority. A key beside the queue is written with each of them: so nobody takes a
 * number that was given since it was looked up, and the word in it tells whose the last one is.
 */
export async function enqueueByPriority(
  { etcd, platform, name }: Into,
  value: Uint8Array,
  priority: number,
  options: CallOptions,
): Promise<void> {
  const line = under(name, `/${toDigits(priority)}`);
  const guard = Uint8Array.of(...under("__", ""), ...line);
  for (let done = false; !done; ) {
    const word = uniqueName(platform.random);
    const last = await etcd.range(
      { prefix: under(line, "/") },
      { ...options, limit: 1, keysOnly: true, sort: { by: "key", order: "descending" } },
    );
    const number = last.kvs[0] === undefined ? 0n : numberOf(last.kvs[0].key) + 1n;
    const key = under(line, `/${String(number).padStart(16, "0")}`);
    const txn = {
      compare: [compare.modRevision(guard).less(last.revision + 1n), compare.missing(key)],
      success: [op.put(guard, word), op.put(key, value)],
    };
    done = await tellingApart(
      { platform, what: "Looking for what was queued" },
      async () => (await etcd.txn(txn, options)).succeeded,
      async (part) => (await etcd.get(guard, part))?.text() === word,
      options,
    );
  }
}

function toDigits(priority: number): string {
  if (Number.isInteger(priority) && priority >= 0 && priority <= 65_535) return String(priority).padStart(5, "0");
  throw new EtcdError("invalid-argument", `priority must be a whole number from 0 to 65,535, not ${priority}`);
}

function numberOf(key: Uint8Array): bigint {
  const digits = /\/(\d+)$/.exec(toText(key))?.[1];
  if (digits !== undefined) return BigInt(digits);
  throw new EtcdError("failed-precondition", `${toPrintable(key)} is in the queue's place, and no part of it`);
}
