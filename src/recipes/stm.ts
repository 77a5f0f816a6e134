import type { Key } from "../base/bytes.ts";
import { EtcdError } from "../base/errors.ts";
import { toKey } from "../base/range.ts";
import { untilAborted } from "../base/signals.ts";
import type { EtcdKeyspace } from "../client/etcd.ts";
import { platformOf } from "../client/inside.ts";
import type { CallOptions } from "../transport/caller.ts";
import { Attempt } from "./attempt.ts";
import { limited } from "./limit.ts";
import type { Known, Level, StmTransaction } from "./transaction.ts";

/**
 * What a transaction is kept from seeing.
 *
 * - `serializable-snapshot` (the default): it reads one revision, and commits only if neither what it read nor what it
 *   writes has been written since
 * - `serializable`: the same, but others may have written what it writes without having read it
 * - `repeatable-reads`: each key is read once, from any member and at any revision; it commits only if they are
 *   unchanged
 * - `read-committed`: the same reads, and it commits whatever has happened
 */
export type Isolation = "serializable-snapshot" | "serializable" | "repeatable-reads" | "read-committed";

/** What `stm` takes; `signal` and `timeoutMs` (default: none) are for all attempts together. */
export interface StmOptions extends CallOptions {
  /** Default "serializable-snapshot". */
  readonly isolation?: Isolation | undefined;
  /** Keys that `body` will read whatever it finds: read together, before it is called. */
  readonly prefetch?: readonly Key[] | undefined;
  /** Default: it tries until it succeeds. */
  readonly maxAttempts?: number | undefined;
}

const levels: Readonly<Record<Isolation, Level>> = {
  "serializable-snapshot": { oneRevision: true, guardReads: true, guardWrites: true },
  serializable: { oneRevision: true, guardReads: true, guardWrites: false },
  "repeatable-reads": { oneRevision: false, guardReads: true, guardWrites: false },
  "read-committed": { oneRevision: false, guardReads: false, guardWrites: false },
};

/**
 * Software transactional memory, as in Go: runs `body` until what it read and wrote can be committed as one
 * transaction, and gives what it gave. Its writes appear only then; where others were faster it is called anew, so it
 * must do nothing else that cannot be repeated. What it throws ends it, and nothing is written.
 *
 * After `maxAttempts`: EtcdError "conflict". A transaction takes 128 writes, and 128 keys read and written, by default:
 * more is "too-many-operations", and in bytes "too-large". An answer to the commit that is lost: `mayHaveRun`.
 *
 * @example
 * ```ts
 * import type { Etcd } from "etcd-web";
 * import { stm } from "etcd-web/recipes";
 *
 * async function transfer(etcd: Etcd, from: string, to: string, amount: number): Promise<void> {
 *   await stm(etcd, async (tx) => {
 *     const [source, target] = await Promise.all([tx.get(from), tx.get(to)]);
 *     const balance = Number(source?.text() ?? 0);
 *     if (balance < amount) throw new Error("Not enough");
 *     tx.put(from, String(balance - amount));
 *     tx.put(to, String(Number(target?.text() ?? 0) + amount));
 *   });
 * }
 * ```
 */
export async function stm<T>(
  etcd: EtcdKeyspace,
  body: (tx: StmTransaction) => Promise<T>,
  options: StmOptions = {},
): Promise<T> {
  const { isolation = "serializable-snapshot", maxAttempts = Number.POSITIVE_INFINITY } = options;
  const level = Object.hasOwn(levels, isolation) ? levels[isolation] : undefined;
  if (level === undefined) throw new EtcdError("invalid-argument", `isolation cannot be ${String(isolation)}`);
  if (!(maxAttempts >= 1)) throw new EtcdError("invalid-argument", `maxAttempts must be 1 or more, not ${maxAttempts}`);
  const prefetch = (options.prefetch ?? []).map(toKey);
  return limited({ platform: platformOf(etcd), what: "stm" }, options, async (part) => {
    let known: Known | undefined;
    for (let attempts = 1; ; attempts++) {
      const attempt = new Attempt({ etcd, level, part, known });
      const run = async (): Promise<T> => {
        await attempt.prefetch(prefetch);
        return await body(attempt);
      };
      const outcome = await attempt.conclude(untilAborted(run(), part.signal));
      if (outcome.committed) return outcome.value;
      known = outcome.known;
      if (attempts >= maxAttempts) throw new EtcdError("conflict", `stm: others were faster, ${attempts} times`);
    }
  });
}
