import { isEtcdError } from "../base/errors.ts";
import type { KeyValue } from "../base/key-value.ts";
import type { Range } from "../base/range.ts";
import type { EtcdReader } from "../client/etcd.ts";
import { platformOf } from "../client/inside.ts";
import { type Listed, list } from "../live/list.ts";
import { afterSnapshot, initialState, type Reading, type ViewState } from "../live/view-state.ts";

/** How old an answer may be. */
export interface EdgeConfigOptions {
  /** Milliseconds since it was read that an answer may be given without reading again. Default 5,000. */
  readonly maxAgeMs?: number | undefined;
  /**
   * Milliseconds beyond `maxAgeMs` that what is known is still given at once, while it is read again behind the answer.
   * Only with `waitUntil`. Default 60,000.
   */
  readonly staleWhileRevalidateMs?: number | undefined;
  /**
   * Milliseconds beyond `maxAgeMs` that what is known is still given when etcd cannot be reached; a refusal, such as
   * "permission-denied", is an error at once. Default 604,800,000, a week.
   */
  readonly staleIfErrorMs?: number | undefined;
  /**
   * The platform's: takes work that goes on after the answer. `import { waitUntil } from "cloudflare:workers"` or
   * `"@vercel/functions"`; `() => {}` on a server that lives on. It is never given a promise that rejects.
   */
  readonly waitUntil?: ((work: Promise<void>) => void) | undefined;
}

/** How one answer is read. */
export interface EdgeConfigReadOptions {
  /** Read now, past what is known. Default false. */
  readonly consistentRead?: boolean | undefined;
}

/**
 * The values of a range, each JSON, with the calls of `@vercel/edge-config`. What it gives is shared by all who ask: do
 * not change it. A value that is no JSON is as if it had not been written; where there was none before, who asks for it
 * gets "invalid-argument".
 */
export interface EdgeConfig {
  /** The value of a key; undefined where there is none. */
  get<T = unknown>(key: string, options?: EdgeConfigReadOptions): Promise<T | undefined>;
  /** The values of these keys, of which some may lack, or of all, by key. */
  getAll<T = Record<string, unknown>>(keys?: readonly (keyof T)[], options?: EdgeConfigReadOptions): Promise<T>;
  /** Whether there is such a key. */
  has(key: string, options?: EdgeConfigReadOptions): Promise<boolean>;
  /** A text that is another one as soon as anything in the range is. */
  digest(options?: EdgeConfigReadOptions): Promise<string>;
}

/** What was read last: plain values, which requests may share where they may not share a promise. */
interface Known {
  readonly state: ViewState<unknown>;
  readonly digest: string;
  readonly readAt: number;
}

/** Milliseconds after which a reading behind an answer is taken for lost: its function may have been stopped. */
const lostMs = 10_000;

/**
 * A reader of configuration for functions that live for a request: the range is read once, kept in memory, and read
 * again when it has become too old, so that most answers cost no call. Make it at module scope; requests share what was
 * read, and nothing that waits. A function that answers many should watch instead, as `createView` does.
 *
 * @example
 * ```ts
 * import { createEtcd } from "etcd-web";
 * import { createEdgeConfig } from "etcd-web/edge-config";
 *
 * const etcd = createEtcd({ endpoints: "https://etcd.example.com", timeoutMs: 1_000 });
 * const config = createEdgeConfig(etcd.namespace("config/"), { all: true }, { maxAgeMs: 10_000 });
 *
 * export default {
 *   async fetch(): Promise<Response> {
 *     const isClosed = await config.get<boolean>("closed");
 *     return new Response(isClosed ? "Come back tomorrow" : "Welcome");
 *   },
 * };
 * ```
 */
export function createEdgeConfig(etcd: EtcdReader, range: Range, options: EdgeConfigOptions = {}): EdgeConfig {
  const { maxAgeMs = 5_000, staleWhileRevalidateMs = 60_000, staleIfErrorMs = 604_800_000, waitUntil } = options;
  const { now } = platformOf(etcd);
  let known: Known | undefined;
  /** Nobody else reads until then: somebody does, or etcd has just been tried in vain. */
  let restUntil = Number.NEGATIVE_INFINITY;

  async function present({ consistentRead = false }: EdgeConfigReadOptions = {}): Promise<Known> {
    if (known === undefined || consistentRead) return await read();
    const age = now() - known.readAt;
    if (age <= maxAgeMs) return known;
    const bearable = age <= maxAgeMs + staleIfErrorMs;
    const readsBehind = waitUntil !== undefined && age <= maxAgeMs + staleWhileRevalidateMs;
    if ((bearable || readsBehind) && restUntil > now()) return known;
    if (readsBehind) {
      restUntil = now() + lostMs;
      waitUntil(behind());
      return known;
    }
    return await read().catch((error: unknown) => {
      if (!bearable || known === undefined || !isUnreachable(error)) throw error;
      restUntil = now() + maxAgeMs;
      return known;
    });
  }

  async function read(): Promise<Known> {
    const readAt = now();
    const listed = await list(etcd, range, {});
    if (known !== undefined && isNewer(known, readAt, listed)) return known; // another was faster
    const { state } = afterSnapshot(known?.state ?? initialState(reading), listed, reading);
    known = { state, digest: toDigest(listed), readAt };
    restUntil = Number.NEGATIVE_INFINITY;
    return known;
  }

  /** What it fails with comes again, to whoever cannot do with what is known any more. */
  const behind = (): Promise<void> =>
    read().then(
      () => {},
      () => {
        restUntil = now() + maxAgeMs;
      },
    );

  return {
    get: async <T>(key: string, readOptions?: EdgeConfigReadOptions) => shownIn(await present(readOptions), key) as T,
    async getAll<T>(keys?: readonly (keyof T)[], readOptions?: EdgeConfigReadOptions) {
      const found = await present(readOptions);
      const wanted = (keys as readonly string[] | undefined) ?? [...found.state.entries.keys()];
      const there = wanted.filter((key) => found.state.entries.has(key));
      return Object.fromEntries(there.map((key) => [key, shownIn(found, key)])) as T;
    },
    has: async (key, readOptions) => (await present(readOptions)).state.entries.has(key),
    digest: async (readOptions) => (await present(readOptions)).digest,
  };
}

const reading: Reading<unknown> = { decode: (kv) => kv.json(), defaults: new Map() };

function shownIn({ state }: Known, key: string): unknown {
  if (!state.values.has(key) && state.faults.has(key)) throw state.faults.get(key);
  return state.values.get(key);
}

/** Whoever puts a key raises the first number, and whoever only deletes lowers the second. */
function toDigest({ kvs, clusterId }: { readonly kvs: readonly KeyValue[]; readonly clusterId: bigint }): string {
  const last = kvs.reduce((most, { modRevision }) => (modRevision > most ? modRevision : most), 0n);
  return `${clusterId.toString(36)}-${last}-${kvs.length}`;
}

/** A clock may be coarse: of two readings that began in the same moment the revision tells. */
function isNewer({ readAt, state }: Known, begun: number, { revision }: Listed): boolean {
  return readAt > begun || (readAt === begun && state.revision > revision);
}

function isUnreachable(error: unknown): boolean {
  return isEtcdError(error) && error.retryable;
}
