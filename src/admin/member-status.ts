import { type ResponseHeader, toHeader } from "../base/header.ts";
import { toResult } from "../base/json.ts";
import type { StatusResponse } from "../gen/etcdserverpb/maintenance_pb.ts";

/** How a member is doing, by its own word. */
export interface MemberStatus {
  /** Of its program, such as "3.7.3". */
  readonly version: string;
  /** Of its data, such as "3.7.0". Undefined before etcd 3.6. */
  readonly storageVersion: string | undefined;
  /** Id of the member that leads; 0n: it knows of none. */
  readonly leader: bigint;
  /** It receives the log and has no vote. */
  readonly isLearner: boolean;
  /** Grows with each election. */
  readonly raftTerm: bigint;
  /** The last entry of its log. */
  readonly raftIndex: bigint;
  /** The last entry of its log that it has carried out. */
  readonly raftAppliedIndex: bigint;
  /** Bytes of its database. */
  readonly dbSize: number;
  /** Bytes of it that are used: the rest is what `defragment` gives back. */
  readonly dbSizeInUse: number;
  /** Bytes above which it raises the alarm "no-space". Undefined before etcd 3.6. */
  readonly dbSizeQuota: number | undefined;
  /** What is wrong with it, in its words: alarms, no leader. */
  readonly errors: readonly string[];
  /** Whether the cluster goes back to an older release, and to which. Undefined before etcd 3.6. */
  readonly downgrade: { readonly enabled: boolean; readonly targetVersion: string } | undefined;
  /** `header.memberId` is the member's own id. */
  readonly header: ResponseHeader;
}

/** A status as etcd gives it. */
export function toStatus(answer: StatusResponse): MemberStatus {
  const { version, leader, isLearner, raftTerm, raftIndex, raftAppliedIndex, errors, downgradeInfo } = answer;
  return toResult({
    version,
    storageVersion: answer.storageVersion || undefined,
    leader,
    isLearner,
    raftTerm,
    raftIndex,
    raftAppliedIndex,
    dbSize: Number(answer.dbSize),
    dbSizeInUse: Number(answer.dbSizeInUse),
    dbSizeQuota: Number(answer.dbSizeQuota) || undefined,
    errors,
    downgrade: downgradeInfo && { enabled: downgradeInfo.enabled, targetVersion: downgradeInfo.targetVersion },
    header: toHeader(answer.header),
  });
}
