import type { KeyValue } from "./key-value.ts";

/**
 * What went wrong, in a word that stays the same: branch on it, never on a message.
 *
 * - by the caller or the clock: `aborted`, `timeout`, `closed`
 * - on the way: `unavailable`, `no-leader`, `not-grpc-web`, `cors-or-network`, `unimplemented`, `rate-limited`
 * - asked wrongly: `invalid-argument`, `too-large`, `too-many-operations`, `duplicate-key`, `future-revision`
 * - not allowed: `permission-denied`, `unauthenticated`
 * - of the data: `compacted`, `key-not-found`, `already-exists`, `conflict`, `lease-not-found`, `lease-lost`,
 *   `cluster-changed`, `failed-precondition`
 * - of the server: `no-space`, `corrupt`, `internal`, `unknown`
 */
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

const retryable: ReadonlySet<EtcdErrorCode> = new Set([
  "timeout",
  "unavailable",
  "no-leader",
  "cors-or-network",
  "rate-limited",
]);

/** What an error carries beside its code and message. */
export interface EtcdErrorDetails {
  /** What threw beneath. */
  readonly cause?: unknown;
  /** Default false. */
  readonly mayHaveRun?: boolean;
  /** With `compacted`. */
  readonly compactRevision?: bigint;
  /** With `already-exists` and `conflict`. */
  readonly current?: KeyValue;
  /** etcd's own words. */
  readonly reason?: string;
}

/**
 * The one error that etcd-web throws; the transport's own error is its `cause`.
 *
 * @example
 * ```ts
 * import { type Etcd, isEtcdError } from "etcd-web";
 *
 * async function save(etcd: Etcd, value: string): Promise<void> {
 *   try {
 *     await etcd.put("config/theme", value);
 *   } catch (error) {
 *     if (isEtcdError(error, "permission-denied")) return;
 *     throw error;
 *   }
 * }
 * ```
 */
export class EtcdError extends Error {
  /** Always "EtcdError". */
  override readonly name = "EtcdError";
  /** What went wrong. */
  readonly code: EtcdErrorCode;
  /** A write that may or may not have been applied: the answer was lost, not the request. */
  readonly mayHaveRun: boolean;
  /** The same call may succeed later. Whether a write may be repeated is what `mayHaveRun` says. */
  readonly retryable: boolean;
  /** With `compacted`: the oldest revision that can still be read. */
  readonly compactRevision: bigint | undefined;
  /** With `already-exists` and `conflict`: what the key holds. */
  readonly current: KeyValue | undefined;
  /** etcd's own words, e.g. "etcdserver: mvcc: required revision has been compacted". */
  readonly reason: string | undefined;

  /** Made by the library; a test of your own code may make one. */
  constructor(code: EtcdErrorCode, message: string, details: EtcdErrorDetails = {}) {
    super(message, "cause" in details ? { cause: details.cause } : undefined);
    this.code = code;
    this.mayHaveRun = details.mayHaveRun ?? false;
    this.retryable = retryable.has(code);
    this.compactRevision = details.compactRevision;
    this.current = details.current;
    this.reason = details.reason;
  }
}

/**
 * Whether `error` is an EtcdError (with that code), told by its shape: true also across two copies of the package.
 *
 * @example
 * ```ts
 * import { type Etcd, isEtcdError } from "etcd-web";
 *
 * async function book(etcd: Etcd, seat: string, name: string): Promise<string> {
 *   try {
 *     await etcd.create(`seats/${seat}`, name);
 *     return "yours";
 *   } catch (error) {
 *     if (isEtcdError(error, "already-exists")) return `taken by ${error.current?.text()}`;
 *     throw error;
 *   }
 * }
 * ```
 */
export function isEtcdError(error: unknown, code?: EtcdErrorCode): error is EtcdError {
  if (!(error instanceof Error) || error.name !== "EtcdError" || !("code" in error)) return false;
  return code === undefined || error.code === code;
}

/** The history that a watch stood on is gone, by compaction or a restored cluster: the present must be read again. */
export function isHistoryGone(error: unknown): boolean {
  return isEtcdError(error, "compacted") || isEtcdError(error, "cluster-changed");
}
