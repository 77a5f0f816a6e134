import { type ResponseHeader, toHeader } from "../base/header.ts";
import { toResult } from "../base/json.ts";
import { type Int64, toInt64 } from "../base/numbers.ts";
import type { Etcd } from "../client/etcd.ts";
import { insideOfClient } from "../client/inside.ts";
import { Maintenance as MaintenanceService } from "../gen/etcdserverpb/maintenance_pb.ts";
import type { CallOptions } from "../transport/caller.ts";
import { type Alarm, type AlarmFilter, disarm, listAlarms } from "./alarms.ts";
import { createDowngrade, type Downgrade } from "./downgrade.ts";
import { type MemberRef, toMemberId } from "./member-ref.ts";
import { type MemberStatus, toStatus } from "./member-status.ts";
import { openSnapshot, type SnapshotOptions } from "./snapshot.ts";

/** What every call of maintenance takes. */
export interface EndpointOptions extends CallOptions {
  /**
   * One of the client's URLs: who is behind it answers, whether or not it has failed before. Default: whichever endpoint
   * the client uses. Where a member is meant, the URL must lead to that member alone.
   */
  readonly endpoint?: string | undefined;
}

/** A hash of all that a member has on disk. */
export interface Hash {
  /** 32 bits; equal members have equal ones. */
  readonly hash: number;
  /** Who answered, and at which revision of the store. */
  readonly header: ResponseHeader;
}

/** A hash of what all members should agree on. */
export interface KvHash extends Hash {
  /** The revision compacted to, from which on it was made (-1n: none): hashes with another one cannot be compared. */
  readonly compactRevision: bigint;
  /** The revision up to which it was made. Undefined before etcd 3.6. */
  readonly hashRevision: bigint | undefined;
}

/** Upkeep of the members, each at a chosen endpoint. */
export interface Maintenance {
  /** How a member is doing. With users, it is for whoever has signed in, or, in some releases, for root alone. */
  status(options?: EndpointOptions): Promise<MemberStatus>;
  /** The alarms that are raised, in the whole cluster. */
  alarms(options?: EndpointOptions): Promise<readonly Alarm[]>;
  /** Takes alarms back: of one member, of one type, or all. Gives those that were raised. */
  disarm(options?: EndpointOptions & AlarmFilter): Promise<readonly Alarm[]>;
  /**
   * Gives the disk space of what was compacted away back. The member answers nobody meanwhile, for some seconds a GiB: one
   * member after the other, with a `timeoutMs` to match. A time-out does not stop it.
   */
  defragment(options?: EndpointOptions): Promise<void>;
  /** For comparing members byte by byte; it depends on their history. `hashKv` does not. */
  hash(options?: EndpointOptions): Promise<Hash>;
  /** A hash of keys and history up to a revision (default: the present one): equal on all members of a healthy cluster. */
  hashKv(options?: EndpointOptions & { readonly revision?: Int64 | undefined }): Promise<KvHash>;
  /**
   * Hands the lead to another member. Only the leader takes this: `endpoint` must be its URL, else EtcdError
   * "failed-precondition".
   */
  moveLeader(to: MemberRef, options?: EndpointOptions): Promise<void>;
  /** The way back to the release before. From etcd 3.5 on; elsewhere EtcdError "unimplemented". */
  readonly downgrade: Downgrade;
  /**
   * The whole database, in the format that `etcdutl snapshot restore` takes, as a stream that is read as fast as its
   * reader reads, at most 1 MiB ahead. It begins at once; `timeoutMs` is for its first part. Where it breaks off, or its
   * SHA-256 is not the one at its end, the stream fails in place of ending (EtcdError "corrupt", or why it broke off): what
   * was written until then is to be thrown away, as `pipeTo` does by itself. `cancel()` or the signal ends it. While it
   * lasts, the member cannot reuse disk space, so do not leave it unread.
   *
   * @example
   * ```ts
   * import type { Etcd } from "etcd-web";
   * import { createMaintenance } from "etcd-web/admin";
   *
   * async function backUp(etcd: Etcd, file: FileSystemFileHandle, bar: HTMLProgressElement): Promise<void> {
   *   const snapshot = createMaintenance(etcd).snapshot({
   *     onProgress: ({ received, total }) => {
   *       bar.value = received / total;
   *     },
   *   });
   *   await snapshot.pipeTo(await file.createWritable());
   * }
   * ```
   */
  snapshot(options?: SnapshotOptions): ReadableStream<Uint8Array<ArrayBuffer>>;
}

/**
 * Upkeep of the members.
 *
 * @example
 * ```ts
 * import { createEtcd } from "etcd-web";
 * import { createMaintenance } from "etcd-web/admin";
 *
 * const endpoints = ["https://a.example.com", "https://b.example.com", "https://c.example.com"];
 * await using etcd = createEtcd({ endpoints });
 * const maintenance = createMaintenance(etcd);
 * for (const endpoint of endpoints) {
 *   const { version, dbSize, leader, header } = await maintenance.status({ endpoint });
 *   console.log(endpoint, version, dbSize, leader === header.memberId ? "leads" : "follows");
 * }
 * ```
 */
export function createMaintenance(etcd: Etcd): Maintenance {
  const client = insideOfClient(etcd);
  const { at } = client;
  const { method } = MaintenanceService;
  return {
    async status({ endpoint, ...options } = {}) {
      return toStatus(await at(endpoint).read(method.status, {}, options));
    },
    alarms: async ({ endpoint, ...options } = {}) => listAlarms(at(endpoint), options),
    disarm: async ({ endpoint, memberId, type, ...options } = {}) => disarm(at(endpoint), { memberId, type }, options),
    async defragment({ endpoint, ...options } = {}) {
      await at(endpoint).write(method.defragment, {}, options);
    },
    async hash({ endpoint, ...options } = {}) {
      const { header, hash } = await at(endpoint).read(method.hash, {}, options);
      return toResult({ hash, header: toHeader(header) });
    },
    async hashKv({ endpoint, revision = 0, ...options } = {}) {
      const request = { revision: toInt64(revision, "The revision") };
      const { header, hash, compactRevision, hashRevision } = await at(endpoint).read(method.hashKV, request, options);
      return toResult({ hash, compactRevision, hashRevision: hashRevision || undefined, header: toHeader(header) });
    },
    async moveLeader(to, { endpoint, ...options } = {}) {
      await at(endpoint).write(method.moveLeader, { targetID: toMemberId(to) }, options);
    },
    downgrade: createDowngrade(client),
    snapshot: (options = {}) => openSnapshot(client, options),
  };
}
