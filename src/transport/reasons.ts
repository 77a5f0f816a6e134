import type { EtcdErrorCode } from "../base/errors.ts";

/** What is known of an error by its words. */
export interface Reason {
  readonly code: EtcdErrorCode;
  /** False: a write answered with this was refused before it could have any effect. */
  readonly mayHaveRun: boolean;
}

/**
 * What etcd says when it refuses a call: it has not run. By the words without their prefix, because the words are what
 * stays the same: etcd's grpc-proxy and the lock and election services answer with code Unknown, two errors have no
 * code at all on the wire, and three changed theirs between versions (etcd: api/v3rpc/rpctypes/error.go,
 * server/etcdserver/api/v3rpc/util.go). Those whose code is `retryable` are the only ones after which a write is
 * repeated, so each of them has its proof beside it.
 */
const refusals: readonly (readonly [EtcdErrorCode, ...(readonly string[])])[] = [
  [
    "unavailable",
    "leader changed", // said of linearizable reads only, and of what reads before it writes
    "unhealthy cluster", // said before a change of members is proposed
    "raft proposal dropped", // by this member's own raft, which has then neither logged nor passed it on
  ],
  ["no-leader", "no leader"], // said at the door, to calls that ask for a leader
  ["rate-limited", "too many requests"],
  [
    "invalid-argument",
    "key is not provided",
    "value is provided",
    "lease is provided",
    "invalid client api version",
    "invalid sort option",
    "too large lease TTL",
    "given member URLs are invalid",
    "role name is empty",
    "permission not given",
    "invalid auth management",
    "wrong downgrade target version format",
    "invalid downgrade target version",
    "watcher range is empty",
  ],
  [
    "failed-precondition",
    "re-configuration failed due to not enough started members",
    "member not found",
    "can only promote a learner member",
    "can only promote a learner member which is in sync with leader",
    "too many learner members in cluster",
    "cluster ID mismatch",
    "root user does not exist",
    "root user does not have root role",
    "user name not found",
    "role name not found",
    "role is not granted to the user",
    "permission is not granted to the role",
    "authentication is not enabled",
    "not leader",
    "not capable",
    "rpc not supported for learner",
    "bad leader transferee",
    "cluster version not found during downgrade",
    "cluster has a downgrade job in progress",
    "no inflight downgrade job",
  ],
  [
    "already-exists",
    "lease already exists",
    "member ID already exist",
    "Peer URLs already exists",
    "user name already exists",
    "role name already exists",
  ],
  [
    "unauthenticated",
    "invalid auth token",
    "revision of auth store is old", // may be said when it is applied, but then it has changed nothing
    "revision in header is old",
    "user name is empty",
    "authentication failed, invalid user ID or password",
    "authentication failed, password was given for no password user",
  ],
  ["permission-denied", "permission denied"],
  ["key-not-found", "key not found"],
  ["too-many-operations", "too many operations in txn request"],
  ["duplicate-key", "duplicate key given in txn request"],
  ["compacted", "required revision has been compacted"],
  ["future-revision", "required revision is a future revision"],
  ["lease-not-found", "requested lease not found"],
  ["too-large", "request is too large"],
  ["corrupt", "corrupt cluster"],
  ["internal", "duplicate watch ID provided on the WatchStream"],
];

/** What it says when it has given up on a call that may have run, or may yet. */
const ambiguities: typeof refusals = [
  [
    "unavailable",
    "request timed out",
    "request timed out, possibly due to previous leader failure",
    "request timed out, possibly due to connection lost",
    "request timed out, waiting for the applied index took too long",
    "server stopped",
    "watch canceled",
    "request canceled",
    "not a primary lessor",
  ],
  ["timeout", "context deadline exceeded"],
  ["no-space", "database space exceeded"], // the write that fills the quota is applied, and answered with this
];

/** What others say on the way. */
const patterns: readonly (readonly [RegExp, Reason])[] = [
  // gRPC's own limits, etcd's 512 KiB above what it takes, and its grpc-proxy's, answer in words of their own.
  [/^(grpc: )?(received|trying to send) message larger than max/i, { code: "too-large", mayHaveRun: false }],
  // A transport of Connect's for servers, at the other end or at this one, where it is the answer that is too large.
  [/^message size (\d+ )?is larger than configured /, { code: "too-large", mayHaveRun: true }],
  // Envoy had no connection to send it on. Where it "retried and the latest reset reason" is that, an earlier try had one.
  [
    /no healthy upstream|headers\. reset reason: (((remote |local )?connection failure)|connection timeout|overflow)/,
    { code: "unavailable", mayHaveRun: false },
  ],
  // Our gateway found nobody at that address.
  [/the gateway does not reach etcd at .*ECONNREFUSED/, { code: "unavailable", mayHaveRun: false }],
];

/** etcd's words without what its layers put before them. */
export function wordsOf(text: string): string {
  return text.replace(/^(rpc error: code = \w+ desc = )?(etcdserver: )?(mvcc: |auth: )?/, "");
}

/** What such words mean, or undefined where they are not known. */
export function findReason(text: string): Reason | undefined {
  const words = wordsOf(text);
  const among = (table: typeof refusals): EtcdErrorCode | undefined =>
    table.find((row) => row.indexOf(words, 1) > 0)?.[0];
  const code = among(refusals);
  if (code) return { code, mayHaveRun: false };
  const unsure = among(ambiguities);
  if (unsure) return { code: unsure, mayHaveRun: true };
  return patterns.find(([pattern]) => pattern.test(text))?.[1];
}
