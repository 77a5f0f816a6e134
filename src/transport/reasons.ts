import type { EtcdErrorCode } from "../base/errors.ts";

/** What is known of an error by its words. */
export interface Reason {
  readonly code: EtcdErrorCode;
  /** False: a write answered with this was refused before it could have any effect. */
  readonly mayHaveRun: boolean;
}

const refused = (code: EtcdErrorCode): Reason => ({ code, mayHaveRun: false });
const unsure = (code: EtcdErrorCode): Reason => ({ code, mayHaveRun: true });

/**
 * etcd's errors by their text without the prefix, because the text is what stays the same: etcd's grpc-proxy and the
 * lock and election services answer with code Unknown, two errors have no code at all on the wire, and three changed
 * theirs between versions (etcd: api/v3rpc/rpctypes/error.go, server/etcdserver/api/v3rpc/util.go).
 */
const reasons: ReadonlyMap<string, Reason> = new Map([
  ["key is not provided", refused("invalid-argument")],
  ["key not found", refused("key-not-found")],
  ["value is provided", refused("invalid-argument")],
  ["lease is provided", refused("invalid-argument")],
  ["too many operations in txn request", refused("too-many-operations")],
  ["duplicate key given in txn request", refused("duplicate-key")],
  ["invalid sort option", refused("invalid-argument")],
  ["required revision has been compacted", refused("compacted")],
  ["required revision is a future revision", refused("future-revision")],
  ["database space exceeded", refused("no-space")],
  ["requested lease not found", refused("lease-not-found")],
  ["lease already exists", refused("already-exists")],
  ["too large lease TTL", refused("invalid-argument")],
  ["request is too large", refused("too-large")],
  ["too many requests", refused("rate-limited")],
  ["permission denied", refused("permission-denied")],
  ["invalid auth token", refused("unauthenticated")],
  ["revision of auth store is old", refused("unauthenticated")],
  ["user name is empty", refused("unauthenticated")],
  ["authentication failed, invalid user ID or password", refused("unauthenticated")],
  ["no leader", unsure("no-leader")],
  ["leader changed", unsure("unavailable")],
  ["not capable", refused("failed-precondition")],
  ["rpc not supported for learner", refused("failed-precondition")],
  ["corrupt cluster", refused("corrupt")],
  ["request timed out", unsure("unavailable")],
  ["request timed out, possibly due to previous leader failure", unsure("unavailable")],
  ["request timed out, possibly due to connection lost", unsure("unavailable")],
  ["request timed out, waiting for the applied index took too long", unsure("unavailable")],
  ["server stopped", unsure("unavailable")],
  ["watch canceled", unsure("unavailable")],
  ["watcher range is empty", refused("invalid-argument")],
  ["duplicate watch ID provided on the WatchStream", refused("internal")],
]);

/** What etcd's own words mean, or undefined where they are not its own. */
export function findReason(text: string): Reason | undefined {
  return (
    reasons.get(text.replace(/^(etcdserver: )?(mvcc: )?/, "")) ?? (isTooLarge(text) ? refused("too-large") : undefined)
  );
}

// gRPC's own limits, etcd's 512 KiB above what it takes, and its grpc-proxy's, answer in words of their own.
function isTooLarge(text: string): boolean {
  return /^(grpc: )?(received|trying to send) message larger than max/.test(text);
}
