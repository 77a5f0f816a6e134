import { asyncDispose } from "../base/async-dispose.ts";
import { toResult } from "../base/json.ts";
import type { KeyValue } from "../base/key-value.ts";
import type { Range } from "../base/range.ts";
import { linkSignals } from "../base/signals.ts";
import type { EtcdReader } from "../client/etcd.ts";
import { type CallOptions, toTimeout } from "../transport/caller.ts";
import type { WatchEvent } from "../watch/events.ts";
import { updates } from "./updates.ts";

/** A range as it is, or what one revision changed in it. */
export type SyncUpdate =
  | {
      /** Everything there is; what was there before and is not here has gone. */
      readonly type: "snapshot";
      readonly kvs: readonly KeyValue[];
      readonly revision: bigint;
    }
  | { readonly type: "changes"; readonly events: readonly WatchEvent[]; readonly revision: bigint };

/** What a sync gives, until it is left. */
export interface Sync extends AsyncIterable<SyncUpdate>, AsyncDisposable {
  /** Ends it. */
  close(): Promise<void>;
}

/**
 * A range, kept up to date: a snapshot, then what changes, revision by revision; a fresh snapshot where history was
 * compacted away or the cluster restored from a backup. An empty range gives its empty snapshot too. It has one reader,
 * and ends as a watch does. An etcd that cannot be reached is waited for: `timeoutMs` bounds the first snapshot only
 * (default: none).
 *
 * @example
 * ```ts
 * import { createEtcd } from "etcd-web";
 * import { sync } from "etcd-web/live";
 *
 * const etcd = createEtcd({ endpoints: "https://etcd.example.com" });
 * const config = new Map<string, string>();
 * for await (const update of sync(etcd, { prefix: "config/" })) {
 *   if (update.type === "snapshot") {
 *     config.clear();
 *     for (const kv of update.kvs) config.set(kv.keyText(), kv.text());
 *   } else {
 *     for (const { type, kv } of update.events) {
 *       if (type === "put") config.set(kv.keyText(), kv.text());
 *       else config.delete(kv.keyText());
 *     }
 *   }
 * }
 * ```
 */
export function sync(etcd: EtcdReader, range: Range, options: CallOptions = {}): Sync {
  return new Syncing(etcd, range, options);
}

class Syncing implements Sync {
  readonly #etcd: EtcdReader;
  readonly #range: Range;
  readonly #options: CallOptions;
  readonly #left = new AbortController();
  #begun = false;

  constructor(etcd: EtcdReader, range: Range, options: CallOptions) {
    if (options.timeoutMs !== undefined) toTimeout(options.timeoutMs);
    this.#etcd = etcd;
    this.#range = range;
    this.#options = options;
  }

  [Symbol.asyncIterator](): AsyncIterator<SyncUpdate, undefined> {
    if (this.#begun) throw new TypeError("A sync has one reader: call sync() again for another");
    this.#begun = true;
    const updates = this.#updates();
    return {
      next: () => updates.next(),
      // A generator would wait for what its reader does not wait for any more.
      return: async () => {
        this.#left.abort();
        return await updates.return(undefined);
      },
    };
  }

  async close(): Promise<void> {
    this.#left.abort();
  }

  [asyncDispose](): Promise<void> {
    return this.close();
  }

  async *#updates(): AsyncGenerator<SyncUpdate, undefined> {
    const { headers, timeoutMs } = this.#options;
    const { signal, unlink } = linkSignals(this.#options.signal, this.#left.signal);
    const following = { etcd: this.#etcd, range: this.#range, headers, timeoutMs, signal };
    try {
      for await (const update of updates(following)) {
        if (update.type === "snapshot")
          yield toResult({ type: update.type, kvs: update.kvs, revision: update.revision });
        else if (update.type === "changes") yield toResult(update);
      }
    } catch (error) {
      if (this.#left.signal.aborted) return;
      throw this.#options.signal?.aborted ? this.#options.signal.reason : error;
    } finally {
      unlink();
    }
  }
}
