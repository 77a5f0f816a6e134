/**
 * The public contract of etcd-web, as declarations: every public name, what it takes and what it gives.
 * Add what is missing. Rename only where a name is wrong, and say so. Type-checks with `tsc --noEmit --strict`.
 *
 * bigint: revisions, versions, lease / member / cluster ids, raft terms. number: counts, limits, seconds, milliseconds, bytes.
 * Where a 64-bit value goes in, a safe integer is taken too (`Int64`).
 * Every disposable has close() as well: Symbol.asyncDispose may be missing in a browser.
 */
import type { Interceptor, Transport } from "@connectrpc/connect";

// ───────────────────────────── "etcd-web" ─────────────────────────────
export type Key = string | Uint8Array;
export type Int64 = bigint | number;
/** Half-open intervals over bytes. `to` ≤ `from` throws. `{ prefix: "" }` is refused where it would delete: say `{ all: true }`. */
export type Range =
  | Key
  | { readonly key: Key }
  | { readonly prefix: Key }
  | { readonly from: Key; readonly to?: Key }
  | { readonly all: true };

export interface ResponseHeader {
  readonly clusterId: bigint;
  readonly memberId: bigint;
  readonly revision: bigint;
  readonly raftTerm: bigint;
}

/** Plain readonly fields (survives postMessage; `KeyValue.from` restores the methods), methods on the prototype. */
export declare class KeyValue {
  static from(
    fields: Pick<KeyValue, "key" | "value" | "createRevision" | "modRevision" | "version" | "lease">,
  ): KeyValue;
  readonly key: Uint8Array;
  readonly value: Uint8Array;
  readonly createRevision: bigint;
  readonly modRevision: bigint;
  readonly version: bigint;
  /** 0n: none */
  readonly lease: bigint;
  /** Throws when the key is not UTF-8. */
  keyText(): string;
  /** As Response.text(): malformed bytes become U+FFFD. */
  text(): string;
  json<T = unknown>(schema?: StandardSchema<T>): T;
  /** Decimal strings for 64-bit values, base64 where not UTF-8. */
  toJSON(): unknown;
}
/** Any Standard Schema v1 validator (zod, valibot, arktype, …). */
export interface StandardSchema<T> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => unknown;
    readonly types?: { readonly input: unknown; readonly output: T } | undefined;
  };
}

export interface CallOptions {
  readonly signal?: AbortSignal /** over all attempts; for streams: until opened */;
  readonly timeoutMs?: number;
  readonly headers?: HeadersInit;
}
export interface ReadOptions extends CallOptions {
  readonly revision?: Int64 /** may be stale, answered by one member */;
  readonly serializable?: boolean;
}
export interface RangeOptions extends ReadOptions {
  readonly limit?: number;
  readonly keysOnly?: boolean;
  readonly sort?: {
    readonly by: "key" | "version" | "createRevision" | "modRevision" | "value";
    readonly order?: "ascending" | "descending";
  };
  readonly minModRevision?: Int64;
  readonly maxModRevision?: Int64;
  readonly minCreateRevision?: Int64;
  readonly maxCreateRevision?: Int64;
}
export interface RangeResult {
  readonly kvs: readonly KeyValue[];
  readonly count: number;
  readonly more: boolean;
  readonly revision: bigint;
  readonly header: ResponseHeader;
}
export type LeaseRef = Int64 | { readonly id: bigint };
export interface PutOptions extends CallOptions {
  readonly lease?: LeaseRef;
  readonly prevKv?: boolean;
  readonly ignoreValue?: boolean;
  readonly ignoreLease?: boolean;
}
export interface PutResult {
  readonly revision: bigint;
  readonly prevKv: KeyValue | undefined;
  readonly header: ResponseHeader;
}
export interface DeleteOptions extends CallOptions {
  readonly prevKv?: boolean;
  readonly ifModRevision?: Int64;
}
export interface DeleteResult {
  readonly deleted: number;
  readonly prevKvs: readonly KeyValue[];
  readonly revision: bigint;
  readonly header: ResponseHeader;
}

/** Operations and compares are values; `do` and `txn` run them; results are typed by the operations given. */
export type Op<R = unknown> = { readonly kind: "range" | "put" | "delete" | "txn"; readonly result?: R };
export declare const op: {
  get(key: Key, options?: ReadOptions): Op<KeyValue | undefined>;
  range(range: Range, options?: RangeOptions): Op<RangeResult>;
  put(key: Key, value: Key, options?: PutOptions): Op<PutResult>;
  delete(range: Range, options?: DeleteOptions): Op<DeleteResult>;
  txn<S extends readonly Op[], F extends readonly Op[]>(txn: Txn<S, F>): Op<TxnResult<S, F>>;
};
export type Compare = { readonly target: "version" | "create" | "mod" | "lease" | "value" };
interface Comparison<V> {
  equals(v: V): Compare;
  notEquals(v: V): Compare;
  greater(v: V): Compare;
  less(v: V): Compare;
}
/** One key or every key of a range. */
export declare const compare: {
  version(range: Range): Comparison<Int64>;
  createRevision(range: Range): Comparison<Int64>;
  modRevision(range: Range): Comparison<Int64>;
  lease(range: Range): Comparison<LeaseRef>;
  value(range: Range): Comparison<Key>;
  exists(key: Key): Compare;
  missing(key: Key): Compare;
};
export interface Txn<S extends readonly Op[], F extends readonly Op[]> {
  readonly compare?: readonly Compare[];
  readonly success?: S;
  readonly failure?: F;
}
export type Results<O extends readonly Op[]> = { readonly [I in keyof O]: O[I] extends Op<infer R> ? R : never };
export type TxnResult<S extends readonly Op[], F extends readonly Op[]> = {
  readonly revision: bigint;
  readonly header: ResponseHeader;
} & (
  | { readonly succeeded: true; readonly results: Results<S> }
  | { readonly succeeded: false; readonly results: Results<F> }
);

export type WatchEvent =
  | { readonly type: "put"; readonly kv: KeyValue; readonly prevKv: KeyValue | undefined; readonly isCreate: boolean }
  | {
      readonly type: "delete";
      readonly kv: { readonly key: Uint8Array; readonly modRevision: bigint; keyText(): string };
      readonly prevKv: KeyValue | undefined;
    };
/** One revision, whole. With `progress: true` also bookmarks, `events` empty: everything up to `revision` has been delivered. */
export interface WatchBatch {
  readonly revision: bigint;
  readonly events: readonly WatchEvent[];
}
export interface WatchOptions extends CallOptions {
  readonly startRevision?: Int64;
  readonly prevKv?: boolean;
  readonly only?: "put" | "delete";
  readonly progress?: boolean /** default true: header `hasleader` */;
  readonly requireLeader?: boolean;
}
/**
 * Starts at the first iteration or at `opened`; one reader; a second iteration throws TypeError.
 * Ends: break / return / dispose / close → done. signal → rejects with signal.reason. Client closed elsewhere → EtcdError "closed". Anything else → EtcdError, then done.
 */
export interface Watch extends AsyncIterable<WatchEvent>, AsyncDisposable {
  /** The first revision it covers, once the server has confirmed it. Never an unhandled rejection. */
  readonly opened: Promise<bigint>;
  batches(): AsyncIterable<WatchBatch>;
  close(): Promise<void>;
}

export interface Lease extends AsyncDisposable {
  readonly id: bigint;
  readonly ttlSeconds: number;
  /** Aborts when the lease is lost, by our clock or the server's word. */
  readonly signal: AbortSignal;
  timeToLive(
    options?: CallOptions & { keys?: boolean },
  ): Promise<{ ttlSeconds: number; grantedTtlSeconds: number; keys: readonly Uint8Array[] }>;
  keepAliveOnce(options?: CallOptions): Promise<number>;
  /** Stop beating, leave it to expire. */
  release(): void;
  revoke(options?: CallOptions): Promise<void>;
  /** Revokes, as dispose does. */
  close(): Promise<void>;
}

export interface EtcdReader {
  get(key: Key, options?: ReadOptions): Promise<KeyValue | undefined>;
  range(range: Range, options?: RangeOptions): Promise<RangeResult>;
  count(range: Range, options?: ReadOptions): Promise<number>;
  /** The whole range at one revision: RangeStream on etcd 3.7, pinned pages elsewhere. `break` cancels. */
  scan(range: Range, options?: Omit<RangeOptions, "limit" | "sort"> & { pageSize?: number }): AsyncIterable<KeyValue>;
  watch(range: Range, options?: WatchOptions): Watch;
}
/** What a namespace gives too: same names, prefix added on the way in, removed on the way out, never shown. */
export interface EtcdKeyspace extends EtcdReader {
  put(key: Key, value: Key, options?: PutOptions): Promise<PutResult>;
  /** Only if missing; conflict: EtcdError "already-exists" with `current`. */
  create(key: Key, value: Key, options?: Omit<PutOptions, "ignoreValue" | "ignoreLease">): Promise<PutResult>;
  /** Only if unchanged; conflict: EtcdError "conflict" with `current`. */
  update(key: Key, value: Key, options: PutOptions & { readonly ifModRevision: Int64 }): Promise<PutResult>;
  delete(range: Range, options?: DeleteOptions): Promise<DeleteResult>;
  do<R>(op: Op<R>, options?: CallOptions): Promise<R>;
  txn<const S extends readonly Op[] = [], const F extends readonly Op[] = []>(
    txn: Txn<S, F>,
    options?: CallOptions,
  ): Promise<TxnResult<S, F>>;
  /** Granted and, unless told not to, kept alive until disposed; `signal` covers the grant only. */
  lease(
    options: CallOptions & { readonly ttlSeconds: number; readonly id?: Int64; readonly keepAlive?: boolean },
  ): Promise<Lease>;
  readonly leases: {
    attach(id: Int64, options?: { keepAlive?: boolean }): Lease;
    list(options?: CallOptions): Promise<readonly bigint[]>;
  };
  namespace(prefix: Key): EtcdKeyspace;
}
export interface Etcd extends EtcdKeyspace, AsyncDisposable {
  /** For the raw stubs of "etcd-web/proto": authentication and interceptors applied. */
  readonly transport: Transport;
  readonly connection: Connection;
  compact(revision: Int64, options?: CallOptions & { physical?: boolean }): Promise<ResponseHeader>;
  /** Resolves when an endpoint answers: Go's DialTimeout. */
  ready(options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal }): Promise<ResponseHeader>;
  close(): Promise<void>;
}
export type ConnectionState =
  | { readonly state: "idle" | "connecting" | "live" | "closed" }
  | {
      readonly state: "reconnecting";
      readonly reason: EtcdError;
      readonly attempt: number;
      readonly nextRetryAt: Date;
    };
/** Of the watch streams: current state first, then the latest one. */
export interface Connection extends AsyncIterable<ConnectionState> {
  readonly state: ConnectionState;
  subscribe(listener: () => void): () => void;
}

export interface TokenSource {
  token(signal: AbortSignal): Promise<string>;
  renew(rejected: string, signal: AbortSignal): Promise<string>;
}
/** A separate export, so that an app without passwords does not ship the Auth messages. */
export declare function passwordAuth(credentials: {
  readonly name: string;
  readonly password: string;
  readonly cache?: { get(): string | undefined; set(token: string): void };
}): (transport: Transport) => TokenSource;

export interface EtcdOptions {
  /** One URL or several (fail-over). Or `transport` instead. */
  readonly endpoints?: string | readonly string[];
  readonly transport?: Transport;
  readonly auth?: TokenSource | ReturnType<typeof passwordAuth>;
  /** Unary default 10_000. */
  readonly timeoutMs?: number;
  readonly headers?: HeadersInit;
  readonly interceptors?: readonly Interceptor[];
  readonly fetch?: typeof fetch;
  /** false where the proxy's CORS does not list `hasleader` */
  readonly requireLeader?: boolean;
  /** Separate exports, paid for by those who use them: `batching()` sends the reads of one tick as one transaction, `monotonicReads()` never lets a read go back in time. */
  readonly plugins?: readonly EtcdPlugin[];
}
export type EtcdPlugin = { readonly name: string };
export declare function batching(options?: { readonly maxOps?: number }): EtcdPlugin;
export declare function monotonicReads(): EtcdPlugin;
/** Does no I/O, starts no timer and draws no random number: allowed at module scope of a Worker. */
export declare function createEtcd(options: EtcdOptions): Etcd;
/** Headers a proxy must allow and expose. */
export declare const cors: {
  readonly allowedHeaders: readonly string[];
  readonly exposedHeaders: readonly string[];
  readonly allowedMethods: readonly string[];
};

export type EtcdErrorCode =
  | "aborted"
  | "timeout"
  | "closed"
  | "unavailable"
  | "no-leader"
  | "not-grpc-web"
  | "cors-or-network"
  | "unimplemented"
  | "invalid-argument"
  | "permission-denied"
  | "unauthenticated"
  | "compacted"
  | "future-revision"
  | "key-not-found"
  | "already-exists"
  | "conflict"
  | "lease-not-found"
  | "lease-lost"
  | "cluster-changed"
  | "too-large"
  | "too-many-operations"
  | "duplicate-key"
  | "rate-limited"
  | "no-space"
  | "corrupt"
  | "failed-precondition"
  | "internal"
  | "unknown";
export declare class EtcdError extends Error {
  readonly code: EtcdErrorCode;
  /** A write that may or may not have been applied. */
  readonly mayHaveRun: boolean;
  readonly retryable: boolean;
  /** "compacted" */
  readonly compactRevision: bigint | undefined;
  /** "already-exists", "conflict" */
  readonly current: KeyValue | undefined;
  /** etcd's own words, e.g. "etcdserver: mvcc: required revision has been compacted" */
  readonly reason: string | undefined;
}
/** By shape: true also across two copies of the package. */
export declare function isEtcdError(error: unknown, code?: EtcdErrorCode): error is EtcdError;

// ───────────────────────────── "etcd-web/recipes" ─────────────────────────────
export declare function createSession(
  etcd: EtcdKeyspace,
  options?: CallOptions & { /** 60 */ readonly ttlSeconds?: number; readonly lease?: Lease },
): Promise<Session>;
export interface Session extends AsyncDisposable {
  readonly lease: Lease;
  readonly signal: AbortSignal;
  lock(name: Key, options?: CallOptions): Promise<HeldLock>;
  tryLock(name: Key, options?: CallOptions): Promise<HeldLock | undefined>;
  readLock(name: Key, options?: CallOptions): Promise<HeldLock>;
  writeLock(name: Key, options?: CallOptions): Promise<HeldLock>;
  election(name: Key): Election;
  close(): Promise<void>;
}
/** `fencing`: the create revision. `owner`: a compare for guarded writes. */
export interface HeldLock extends AsyncDisposable {
  readonly key: Uint8Array;
  readonly fencing: bigint;
  readonly signal: AbortSignal;
  owner(): Compare;
  unlock(options?: CallOptions): Promise<void>;
  close(): Promise<void>;
}
export interface Election {
  campaign(value: Key, options?: CallOptions): Promise<Leadership>;
  leader(options?: CallOptions): Promise<KeyValue | undefined>;
  observe(options?: CallOptions): AsyncIterable<KeyValue | undefined>;
}
export interface Leadership extends AsyncDisposable {
  readonly key: Uint8Array;
  readonly fencing: bigint;
  readonly signal: AbortSignal;
  owner(): Compare;
  proclaim(value: Key, options?: CallOptions): Promise<void>;
  resign(options?: CallOptions): Promise<void>;
  close(): Promise<void>;
}

export type Isolation = "serializable-snapshot" | "serializable" | "repeatable-reads" | "read-committed";
/** Runs `body` until its transaction commits; writes appear only then. */
export declare function stm<T>(
  etcd: EtcdKeyspace,
  body: (tx: StmTransaction) => Promise<T>,
  options?: CallOptions & {
    readonly isolation?: Isolation;
    readonly prefetch?: readonly Key[];
    readonly maxAttempts?: number;
  },
): Promise<T>;
export interface StmTransaction {
  get(key: Key): Promise<KeyValue | undefined>;
  put(key: Key, value: Key, options?: { readonly lease?: LeaseRef }): void;
  delete(key: Key): void;
}
export declare function createBarrier(
  etcd: EtcdKeyspace,
  name: Key,
): {
  hold(options?: CallOptions): Promise<void>;
  release(options?: CallOptions): Promise<void>;
  wait(options?: CallOptions): Promise<void>;
};
export declare function createDoubleBarrier(
  session: Session,
  name: Key,
  count: number,
): { enter(options?: CallOptions): Promise<void>; leave(options?: CallOptions): Promise<void> };
export declare function createQueue(
  etcd: EtcdKeyspace,
  name: Key,
): {
  enqueue(value: Key, options?: CallOptions & { readonly priority?: number }): Promise<void>;
  dequeue(options?: CallOptions): Promise<KeyValue>;
};
/** Records as Go's naming/endpoints writes them. */
export declare function createRegistry(
  etcd: EtcdKeyspace,
  service: string,
): {
  add(id: string, endpoint: Endpoint, options?: CallOptions & { readonly lease?: LeaseRef }): Promise<void>;
  remove(id: string, options?: CallOptions): Promise<void>;
  list(options?: CallOptions): Promise<ReadonlyMap<string, Endpoint>>;
  watch(options?: CallOptions): AsyncIterable<ReadonlyMap<string, Endpoint>>;
};
export interface Endpoint {
  readonly address: string;
  readonly metadata?: unknown;
}
/** etcd's own services; they wait on the server, so they have no default time-out. */
export declare function createLockService(etcd: EtcdKeyspace): {
  lock(name: Key, options?: CallOptions & { readonly lease?: LeaseRef }): Promise<{ readonly key: Uint8Array }>;
  unlock(key: Uint8Array, options?: CallOptions): Promise<void>;
};
export declare function createElectionService(etcd: EtcdKeyspace): {
  campaign(name: Key, value: Key, options: CallOptions & { readonly lease: LeaseRef }): Promise<LeaderKey>;
  proclaim(leader: LeaderKey, value: Key, options?: CallOptions): Promise<void>;
  resign(leader: LeaderKey, options?: CallOptions): Promise<void>;
  leader(name: Key, options?: CallOptions): Promise<KeyValue | undefined>;
  observe(name: Key, options?: CallOptions): AsyncIterable<KeyValue>;
};
export interface LeaderKey {
  readonly name: Uint8Array;
  readonly key: Uint8Array;
  readonly revision: bigint;
  readonly lease: bigint;
}

// ───────────────────────────── "etcd-web/live" ─────────────────────────────
export type SyncUpdate =
  | { readonly type: "snapshot"; readonly kvs: readonly KeyValue[]; readonly revision: bigint }
  | { readonly type: "changes"; readonly events: readonly WatchEvent[]; readonly revision: bigint };
/** Snapshot, changes, and a fresh snapshot after a compaction or a restored cluster. */
export declare function sync(
  etcd: EtcdReader,
  range: Range,
  options?: CallOptions,
): AsyncIterable<SyncUpdate> & AsyncDisposable;
export interface ViewOptions<T> {
  readonly decode?: (kv: KeyValue) => T;
  readonly schema?: StandardSchema<T>;
  readonly defaults?: Readonly<Record<string, T>>;
  readonly storage?: "local" | "indexeddb" | ViewStorage;
  readonly initial?: DehydratedView;
  readonly share?: boolean;
  readonly graceMs?: number;
}
export interface ViewStorage {
  load(id: string): Promise<string | undefined> | string | undefined;
  save(id: string, data: string): Promise<void> | void;
}
export interface DehydratedView {
  readonly revision: string;
  readonly clusterId: string;
  readonly entries: readonly (readonly [key: string, value: string, modRevision: string])[];
}
export interface ViewSnapshot<T> {
  readonly revision: bigint;
  readonly values: ReadonlyMap<string, T>;
  readonly source: "default" | "stored" | "server-rendered" | "live";
  readonly stale: boolean;
  readonly faults: ReadonlyMap<string, unknown>;
}
/** `getSnapshot` keeps its identity until something changes; listeners hear once per revision. Keys that are not UTF-8 show as "base64:…". */
export interface View<T> extends AsyncDisposable {
  get(key: string): T | undefined;
  getSnapshot(): ViewSnapshot<T>;
  getServerSnapshot(): ViewSnapshot<T>;
  subscribe(listener: (change: { readonly revision: bigint; readonly keys: readonly string[] }) => void): () => void;
  ready(options?: { readonly timeoutMs?: number; readonly signal?: AbortSignal }): Promise<ViewSnapshot<T>>;
  dehydrate(): DehydratedView;
  close(): Promise<void>;
}
export declare function createView<T = string>(etcd: EtcdReader, range: Range, options?: ViewOptions<T>): View<T>;
/** The same reader, its watches held by one tab of the origin for all. */
export declare function shareTabs(etcd: EtcdReader, options: { readonly name: string }): EtcdReader & AsyncDisposable;

// ───────────────────────────── "etcd-web/memory" ─────────────────────────────
export declare function createMemoryEtcd(options?: {
  readonly clock?: { now(): number; setTimeout(run: () => void, ms: number): () => void };
  readonly state?: Uint8Array;
  readonly progressIntervalMs?: number;
}): MemoryEtcd;
export interface MemoryEtcd extends AsyncDisposable {
  readonly transport: Transport;
  save(): Uint8Array;
  readonly faults: { unavailable(ms: number): void; cutStreams(): void; expireTokens(): void };
  close(): Promise<void>;
}
// "etcd-web/admin": createAuth(etcd: Etcd), createCluster(etcd: Etcd), createMaintenance(etcd: Etcd) — a namespace does not type-check; maintenance calls take { endpoint }.
// "etcd-web/react": EtcdProvider, useEtcd, useView, useEtcdValue. "etcd-web/openfeature": EtcdFlagProvider for @openfeature/web-sdk. "etcd-web/doctor": diagnose(url). "etcd-web/gateway": createGateway(options). "etcd-web/proto": the stubs. "etcd-web/bundle": "." in one file.
