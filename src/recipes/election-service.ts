import { type Key, toBytes } from "../base/bytes.ts";
import { EtcdError, isEtcdError } from "../base/errors.ts";
import { type KeyValue, toKeyValue } from "../base/key-value.ts";
import { type LeaseRef, toLeaseId } from "../base/lease-ref.ts";
import type { Prefix } from "../base/prefix.ts";
import { linkSignals } from "../base/signals.ts";
import type { EtcdKeyspace } from "../client/etcd.ts";
import { type Inside, insideOf } from "../client/inside.ts";
import { Election, type LeaderKey as LeaderKeyMessage } from "../gen/v3electionpb/election_pb.ts";
import type { CallOptions } from "../transport/caller.ts";
import { toEtcdError } from "../transport/to-etcd-error.ts";
import { latest } from "./latest.ts";
import { onServer, untimed } from "./lock-service.ts";
import { pause } from "./persist.ts";

/** What a leader shows when it proclaims or resigns. */
export interface LeaderKey {
  /** Of the election. */
  readonly name: Uint8Array;
  /** Exists as long as its owner leads. */
  readonly key: Uint8Array;
  /** The key's create revision. */
  readonly revision: bigint;
  /** Leadership ends with it. */
  readonly lease: bigint;
}

/**
 * Etcd's own election service: the server stands in line. Its elections are those of a {@link Session}, too. Nothing
 * tells a leader that it is none any more until it proclaims.
 *
 * @example
 * ```ts
 * import type { Lease } from "etcd-web";
 * import type { ElectionService } from "etcd-web/recipes";
 *
 * async function lead(elections: ElectionService, lease: Lease, address: string): Promise<void> {
 *   const leader = await elections.campaign("leader", address, { lease, signal: lease.signal });
 *   await elections.proclaim(leader, `${address} (ready)`);
 * }
 * ```
 */
export interface ElectionService {
  /** Waits to be the leader, however long: it has no time-out unless `timeoutMs` says one. */
  campaign(name: Key, value: Key, options: CallOptions & { readonly lease: LeaseRef }): Promise<LeaderKey>;
  /** Changes the value. No longer the leader: EtcdError "lease-lost". */
  proclaim(leader: LeaderKey, value: Key, options?: CallOptions): Promise<void>;
  /** Gives it up. Who leads no longer is no error. */
  resign(leader: LeaderKey, options?: CallOptions): Promise<void>;
  /** The leader's key with the value it proclaimed, or undefined. */
  leader(name: Key, options?: CallOptions): Promise<KeyValue | undefined>;
  /**
   * The leader, now or as soon as there is one, and then every other. Each read gives the newest. It goes on through
   * reconnects, ends with `break`, and rejects with the reason of its signal.
   */
  observe(name: Key, options?: CallOptions): AsyncIterable<KeyValue>;
}

/** Etcd's election service. */
export function createElectionService(etcd: EtcdKeyspace): ElectionService {
  const inside = insideOf(etcd);
  const { caller, prefix } = inside;
  const toName = (name: Key): Uint8Array => prefix.add({ key: toBytes(name, "The name") }).key;
  const { campaign, proclaim, resign, leader } = Election.method;

  return {
    async campaign(name, value, { lease, ...options }) {
      const request = { name: toName(name), lease: toLeaseId(lease), value: toBytes(value, "The value") };
      const answer = await onServer(caller.write(campaign, request, { ...untimed, ...options }));
      if (answer.leader === undefined) throw new EtcdError("internal", "Election.Campaign: an answer without a leader");
      return fromServer(answer.leader, prefix);
    },
    async proclaim(key, value, options) {
      const request = { leader: toServer(key, prefix), value: toBytes(value, "The value") };
      await onServer(caller.write(proclaim, request, options));
    },
    async resign(key, options) {
      await onServer(caller.write(resign, { leader: toServer(key, prefix) }, options));
    },
    async leader(name, options) {
      try {
        const { kv } = await caller.read(leader, { name: toName(name) }, options);
        return kv && toKeyValue(kv, prefix);
      } catch (error) {
        if (isEtcdError(error) && error.reason === "election: no leader") return undefined;
        throw error;
      }
    },
    observe: (name, options = {}) => {
      const bytes = toName(name);
      return latest(options.signal, (tell, signal) => observe(inside, bytes, tell, { ...options, signal }));
    },
  };
}

/** Opens the stream again and again: the server ends it whenever its own watch breaks. */
async function observe(
  { caller, platform, prefix }: Inside,
  name: Uint8Array,
  tell: (leader: KeyValue) => void,
  { signal: asked, headers }: CallOptions & { readonly signal: AbortSignal },
): Promise<never> {
  const { signal, unlink } = linkSignals(asked, caller.closed);
  let told = 0n;
  try {
    for (let failures = 1; ; failures++) {
      try {
        const answers = await caller.stream(Election.method.observe, [{ name }], { signal, headers });
        for await (const { kv } of answers) {
          failures = 1;
          if (kv === undefined || kv.modRevision === told) continue;
          told = kv.modRevision;
          tell(toKeyValue(kv, prefix));
        }
      } catch (cause) {
        const error = toEtcdError(cause, { what: "Election.Observe", write: false, signal });
        if (signal.aborted || !error.retryable) throw error;
      }
      await pause(platform, failures, signal);
    }
  } finally {
    unlink();
  }
}

function fromServer({ name, key, rev, lease }: LeaderKeyMessage, prefix: Prefix): LeaderKey {
  return { name: prefix.strip(name), key: prefix.strip(key), revision: rev, lease };
}

function toServer({ name, key, revision, lease }: LeaderKey, prefix: Prefix): Omit<LeaderKeyMessage, `$${string}`> {
  return { name: prefix.add({ key: name }).key, key: prefix.add({ key }).key, rev: revision, lease };
}
