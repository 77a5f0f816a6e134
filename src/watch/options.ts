import type { Int64 } from "../base/numbers.ts";
import type { CallOptions } from "../transport/caller.ts";
import type { WatchBatch, WatchEvent } from "./events.ts";

/** What a watch takes. `timeoutMs` is for opening it; default: it tries until it succeeds. */
export interface WatchOptions extends CallOptions {
  /** The first revision to deliver, past or future. Default: from now on. Already compacted: EtcdError "compacted". */
  readonly startRevision?: Int64 | undefined;
  /** Give the pair as it was before each event. */
  readonly prevKv?: boolean | undefined;
  /** Only puts, or only deletes. */
  readonly only?: "put" | "delete" | undefined;
  /** `batches()` gives bookmarks too: how far the watch has come while nothing happened. */
  readonly progress?: boolean | undefined;
  /** Leave a member that has lost its leader, which would stay silent (header `hasleader`). Default true. */
  readonly requireLeader?: boolean | undefined;
}

/**
 * Events in order, each once, without a gap, across every reconnect. It starts at the first iteration or at `opened`,
 * and has one reader: a second iteration throws TypeError.
 *
 * Its ends: `break`, `return`, dispose and `close()` end it at once, also while nothing arrives. Its signal makes it
 * reject with the signal's reason. A client closed elsewhere makes it reject with EtcdError "closed". Anything else is
 * an EtcdError, such as "compacted" or "permission-denied"; then it is done.
 *
 * @example
 * ```ts
 * import { createEtcd } from "etcd-web";
 *
 * const etcd = createEtcd({ endpoints: "https://etcd.example.com" });
 * for await (const event of etcd.watch({ prefix: "config/" })) {
 *   if (event.type === "put") console.log(event.kv.keyText(), event.kv.text());
 * }
 * ```
 */
export interface Watch extends AsyncIterable<WatchEvent>, AsyncDisposable {
  /** The first revision it covers, once the server has confirmed it. Asking for it starts the watch. Never an unhandled rejection. */
  readonly opened: Promise<bigint>;
  /** The same by revision, which is never split. */
  batches(): AsyncIterable<WatchBatch>;
  /** Ends it; nothing is left on the server. */
  close(): Promise<void>;
}
