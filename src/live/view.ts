import type { EtcdError } from "../base/errors.ts";
import type { KeyValue } from "../base/key-value.ts";
import type { StandardSchema } from "../base/standard-schema.ts";
import type { DehydratedView } from "./dehydrated.ts";
import type { ViewStorage } from "./view-storage.ts";

/** What a view takes. */
export interface ViewOptions<T> {
  /**
   * Makes a value of a pair, of its key and value alone: the rest is not kept up to date, as what is written again as it
   * was is not decoded again. What it throws is a fault. Default: the schema's JSON, or the value's text.
   */
  readonly decode?: ((kv: KeyValue) => T) | undefined;
  /** Validates what `decode` gives, or the value parsed as JSON. Any Standard Schema v1 validator. */
  readonly schema?: StandardSchema<T> | undefined;
  /** What stands for keys that are not there, or have never had a good value. */
  readonly defaults?: Readonly<Record<string, T>> | undefined;
  /** Where the view is kept between visits: `localStorage`, IndexedDB, or a place of your own. Default: nowhere. */
  readonly storage?: "local" | "indexeddb" | ViewStorage | undefined;
  /** What the server rendered the page with: the view begins with it and goes on at its revision. */
  readonly initial?: DehydratedView | undefined;
  /**
   * Watch through one tab of the origin for all its tabs with the same client, as `shareTabs` does: for pages whose tabs
   * are one user's. Default false.
   */
  readonly share?: boolean | undefined;
  /** Milliseconds that it goes on without subscribers. Default 5,000. */
  readonly graceMs?: number | undefined;
}

/** A view at one moment; it never changes. */
export interface ViewSnapshot<T> {
  /** Everything up to it is in; 0n: nothing is known yet. */
  readonly revision: bigint;
  /** The last good value of each key, or its default. Keys that are not UTF-8 are `base64:…`. In order of the keys. */
  readonly values: ReadonlyMap<string, T>;
  /** Where the values are from. */
  readonly source: "default" | "stored" | "server-rendered" | "live";
  /** They may be old: nobody follows them, or the link is down. */
  readonly stale: boolean;
  /** Why the present value of a key is not shown: what `decode` or the schema threw. The last good one is shown. */
  readonly faults: ReadonlyMap<string, unknown>;
  /** What ended following it; it is tried again. Undefined: nothing, or it goes on. */
  readonly error: EtcdError | undefined;
  /** What went wrong with the storage the last time; the view goes on without it. */
  readonly storageError: unknown;
}

/** What a listener hears: once a revision, and with no keys where only source, staleness or faults have changed. */
export interface ViewChange {
  /** The revision whose values they are now. */
  readonly revision: bigint;
  /** Whose values have changed. */
  readonly keys: readonly string[];
}

/**
 * The values of a range, for screens: read at once, told of changes. It follows the range from its first subscriber (or
 * `ready`) on, until a while after its last. Its functions need no `this`: hand them to `useSyncExternalStore`.
 */
export interface View<T> extends AsyncDisposable {
  /** The present value of a key. */
  get(key: string): T | undefined;
  /** Keeps its identity until something changes. */
  getSnapshot(): ViewSnapshot<T>;
  /** What a server renders with: the initial state, or the defaults. */
  getServerSnapshot(): ViewSnapshot<T>;
  /** Calls `listener` after every change, until the function returned is called. */
  subscribe(listener: (change: ViewChange) => void): () => void;
  /**
   * The snapshot as soon as it is live. Rejects with "timeout" after `timeoutMs` (default: never), with the error that
   * ended following it, or when the view is closed; never as an unhandled rejection.
   */
  ready(options?: {
    readonly timeoutMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  }): Promise<ViewSnapshot<T>>;
  /** The state as JSON, for `initial` of another view. */
  dehydrate(): DehydratedView;
  /** Ends it: it changes no more. */
  close(): Promise<void>;
}
