import { compareBytes, type Key, toBytes, toExactText } from "../base/bytes.ts";
import type { KeyValue } from "../base/key-value.ts";
import type { EtcdKeyspace } from "../client/etcd.ts";
import { platformOf } from "../client/inside.ts";
import { compare } from "../kv/compare.ts";
import { op } from "../kv/op.ts";
import type { CallOptions } from "../transport/caller.ts";
import { firstEvent } from "./changes.ts";
import { limited, type Part } from "./limit.ts";
import { under, uniqueName } from "./names.ts";
import { persistently } from "./persist.ts";
import { enqueueByPriority } from "./priority.ts";
import { together } from "./together.ts";
import { tellingApart } from "./uncertain.ts";

/** What a value is queued with. */
export interface EnqueueOptions extends CallOptions {
  /** 0 (first) to 65,535. Default: none; such values come after those with one below 10,000. */
  readonly priority?: number | undefined;
}

/**
 * Values that are each taken once, by whoever comes first: in the order of their coming, or by priority. The keys are
 * those of Go's `Queue` and `PriorityQueue`, `name/<nanoseconds>` and `name/<priority>/<number>`; for each priority one
 * key `__name/<priority>` stays, which keeps the numbers apart.
 *
 * @example
 * ```ts
 * import type { Etcd } from "etcd-web";
 * import { createQueue } from "etcd-web/recipes";
 *
 * async function work(etcd: Etcd, signal: AbortSignal): Promise<void> {
 *   const jobs = createQueue(etcd, "jobs");
 *   await jobs.enqueue("rebuild", { priority: 10 });
 *   for (;;) console.log((await jobs.dequeue({ signal })).text());
 * }
 * ```
 */
export interface Queue {
  /**
   * Adds a value. Where the answer is lost it looks whether the value is there, and succeeds if so; else the error has
   * `mayHaveRun`: the value may also have been taken already.
   */
  enqueue(value: Key, options?: EnqueueOptions): Promise<void>;
  /**
   * Takes the first value, waiting for one. `timeoutMs` is for all of the waiting (default: none). A value that it has
   * begun to take is given also if the signal aborts meanwhile: it would be lost otherwise. Where the answer is lost it
   * takes the same value again; an error with `mayHaveRun` tells that one may be lost, or somebody else's.
   */
  dequeue(options?: CallOptions): Promise<KeyValue>;
}

/** How long to wait for the answer that says who got a value. */
const claimMs = 10_000;

/** The queue of a name. */
export function createQueue(etcd: EtcdKeyspace, name: Key): Queue {
  const platform = platformOf(etcd);
  const values = { prefix: under(name, "/") };

  async function enqueue(value: Uint8Array, options: CallOptions): Promise<void> {
    for (let done = false; !done; ) {
      const key = under(name, `/${uniqueName(platform.random)}`);
      const txn = { compare: [compare.missing(key)], success: [op.put(key, value)] };
      done = await tellingApart(
        { platform, what: "Looking for what was queued" },
        async () => (await etcd.txn(txn, options)).succeeded,
        async (part) => isValue(await etcd.get(key, part), value),
        options,
      );
    }
  }

  async function readHead(part: Part): Promise<{ readonly head: KeyValue | undefined; readonly revision: bigint }> {
    const firstByKey = op.range(values, { limit: 1 });
    const oldest = op.range(values, { limit: 1, sort: { by: "modRevision" } });
    const { results, revision } = await together(etcd, [firstByKey, oldest], part);
    const [byKey] = results[0].kvs;
    const prioritised = byKey !== undefined && hasPriority(byKey.key.subarray(values.prefix.length));
    return { head: prioritised ? byKey : results[1].kvs[0], revision };
  }

  /**
   * Whether it is ours now. No signal ends this: who gave up would not know. A claim whose answer was lost may run for as
   * long as the value is there: so the same one is claimed again, and never another.
   */
  async function claim({ key, modRevision }: KeyValue, { headers }: Part): Promise<boolean> {
    const txn = { compare: [compare.modRevision(key).equals(modRevision)], success: [op.delete(key)] };
    const take = async (options: CallOptions): Promise<boolean> => (await etcd.txn(txn, options)).succeeded;
    const first = (): Promise<boolean> => take({ timeoutMs: claimMs, headers });
    return tellingApart({ platform, what: "Claiming again what was queued" }, first, take, { headers });
  }

  return {
    async enqueue(value, options = {}) {
      const { priority, ...call } = options;
      const bytes = toBytes(value, "The value");
      if (priority === undefined) await enqueue(bytes, call);
      else await enqueueByPriority({ etcd, platform, name }, bytes, priority, call);
    },
    dequeue: (options) =>
      limited({ platform, what: "Waiting for a queue" }, options, async (part) => {
        for (;;) {
          const { head, revision } = await persistently(platform, part.signal, () => readHead(part));
          if (head === undefined) {
            await firstEvent(etcd, values, { ...part, startRevision: revision + 1n, only: "put" });
          } else if (await claim(head, part)) return head;
        }
      }),
  };
}

function isValue(kv: KeyValue | undefined, value: Uint8Array): boolean {
  return kv !== undefined && compareBytes(kv.value, value) === 0;
}

function hasPriority(rest: Uint8Array): boolean {
  return /^\d{5}\/\d{16}$/.test(toExactText(rest) ?? "");
}
