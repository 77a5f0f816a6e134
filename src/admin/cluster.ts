import { EtcdError } from "../base/errors.ts";
import { toResult } from "../base/json.ts";
import type { Etcd } from "../client/etcd.ts";
import { insideOfClient } from "../client/inside.ts";
import { Cluster as ClusterService, type Member as MemberMessage } from "../gen/etcdserverpb/cluster_pb.ts";
import type { CallOptions } from "../transport/caller.ts";
import { type MemberRef, toMemberId } from "./member-ref.ts";

/** A member of the cluster. */
export interface Member {
  /** What etcd knows it by. */
  readonly id: bigint;
  /** Empty until it has started for the first time. */
  readonly name: string;
  /** Where the other members reach it. */
  readonly peerUrls: readonly string[];
  /** Where clients reach it, by its own word; none until it has started. Rarely what a page can reach. */
  readonly clientUrls: readonly string[];
  /** It takes part in the log, but has no vote. */
  readonly isLearner: boolean;
}

/** What came of adding one. */
export interface AddedMember {
  /** To be started now, with `--initial-cluster-state=existing`. */
  readonly member: Member;
  /** All of them, it included: what its `--initial-cluster` says. */
  readonly members: readonly Member[];
}

/** The members of a cluster. Changing them needs a quorum, and is to be done one by one. */
export interface Cluster {
  /**
   * All members. `serializable`: as the member asked knows them, also without a quorum; etcd 3.4 always answers so.
   */
  members(options?: CallOptions & { readonly serializable?: boolean | undefined }): Promise<readonly Member[]>;
  /**
   * Announces a member that votes. It counts for the quorum from now on, though it has not started: with few members,
   * add a learner first. `peerUrls` are `http://host:port` or `https:`.
   */
  addMember(peerUrls: string | readonly string[], options?: CallOptions): Promise<AddedMember>;
  /** Announces a member without a vote: one at a time, unless the servers are told otherwise. */
  addLearner(peerUrls: string | readonly string[], options?: CallOptions): Promise<AddedMember>;
  /** Gives those that stay. */
  removeMember(member: MemberRef, options?: CallOptions): Promise<readonly Member[]>;
  /** Tells the others where to reach it. Do not do this to a learner of etcd 3.4, which would make a voter of it. */
  updateMember(
    member: MemberRef,
    peerUrls: string | readonly string[],
    options?: CallOptions,
  ): Promise<readonly Member[]>;
  /**
   * Gives a learner its vote. EtcdError "failed-precondition" while it has not caught up with the leader, and where it is
   * no learner.
   */
  promoteMember(member: MemberRef, options?: CallOptions): Promise<readonly Member[]>;
}

/**
 * The members of a cluster.
 *
 * @example
 * ```ts
 * import type { Etcd } from "etcd-web";
 * import { createCluster } from "etcd-web/admin";
 *
 * async function votes(etcd: Etcd): Promise<string[]> {
 *   const members = await createCluster(etcd).members();
 *   return members.filter(({ isLearner }) => !isLearner).map(({ name }) => name);
 * }
 * ```
 */
export function createCluster(etcd: Etcd): Cluster {
  const { caller } = insideOfClient(etcd);
  const { method } = ClusterService;

  async function add(
    peerUrls: string | readonly string[],
    isLearner: boolean,
    options?: CallOptions,
  ): Promise<AddedMember> {
    const request = { peerURLs: toPeerUrls(peerUrls), isLearner };
    const { member, members } = await caller.write(method.memberAdd, request, options);
    if (member !== undefined) return toResult({ member: toMember(member), members: members.map(toMember) });
    throw new EtcdError("internal", "Cluster.MemberAdd: the answer names no member", { mayHaveRun: true });
  }

  return {
    async members({ serializable = false, ...options } = {}) {
      return (await caller.read(method.memberList, { linearizable: !serializable }, options)).members.map(toMember);
    },
    addMember: (peerUrls, options) => add(peerUrls, false, options),
    addLearner: (peerUrls, options) => add(peerUrls, true, options),
    async removeMember(member, options) {
      const { members } = await caller.write(method.memberRemove, { ID: toMemberId(member) }, options);
      return members.map(toMember);
    },
    async updateMember(member, peerUrls, options) {
      const request = { ID: toMemberId(member), peerURLs: toPeerUrls(peerUrls) };
      return (await caller.write(method.memberUpdate, request, options)).members.map(toMember);
    },
    async promoteMember(member, options) {
      const { members } = await caller.write(method.memberPromote, { ID: toMemberId(member) }, options);
      return members.map(toMember);
    },
  };
}

function toMember({ ID, name, peerURLs, clientURLs, isLearner }: MemberMessage): Member {
  return toResult({ id: ID, name, peerUrls: peerURLs, clientUrls: clientURLs, isLearner });
}

// Checked here, as Go's client does: etcd takes some that its members then cannot reach.
function toPeerUrls(given: string | readonly string[]): string[] {
  const urls = typeof given === "string" ? [given] : [...given];
  const wrong = urls.find((url) => !/^(https?:\/\/[^/?#@]+:\d+|unixs?:\/\/.+)$/.test(url));
  if (urls.length > 0 && wrong === undefined) return urls;
  throw new EtcdError(
    "invalid-argument",
    `peerUrls are http://host:port or https://host:port, without a path: not ${JSON.stringify(wrong ?? [])}`,
  );
}
