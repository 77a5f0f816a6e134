import { create } from "@bufbuild/protobuf";
import { type Member, MemberSchema } from "../gen/etcdserverpb/cluster_pb.ts";
import { errors } from "./errors.ts";

/** A cluster of one: this member, and perhaps a learner that never starts, for there is nobody to run it. */
export class Members {
  readonly #self: Member;
  readonly #random: () => bigint;
  #learners: readonly Member[];

  constructor(memberId: bigint, random: () => bigint, learners: readonly Member[] = []) {
    this.#self = create(MemberSchema, { ID: memberId, name: "memory" });
    this.#random = random;
    this.#learners = learners;
  }

  get learners(): readonly Member[] {
    return this.#learners;
  }

  /** By id, as etcd lists them. */
  get all(): Member[] {
    return [this.#self, ...this.#learners].sort((a, b) => (a.ID < b.ID ? -1 : 1));
  }

  /** @param peerURLs as {@link toPeerUrls} gives them */
  add(peerURLs: string[], isLearner: boolean): Member {
    // etcd would take it, and answer no write until a second member runs.
    if (!isLearner) throw errors.unhealthy();
    this.#checkFree(peerURLs, this.all);
    if (this.#learners.length > 0) throw errors.tooManyLearners();
    const member = create(MemberSchema, { ID: BigInt.asUintN(64, this.#random()), peerURLs, isLearner });
    this.#learners = [...this.#learners, member];
    return member;
  }

  /** Takes any text for a URL, as etcd does here. */
  update(id: bigint, peerURLs: readonly string[]): void {
    const member = this.#find(id);
    this.#checkFree(
      peerURLs,
      this.all.filter((each) => each !== member),
    );
    member.peerURLs = [...peerURLs];
  }

  remove(id: bigint): void {
    if (this.#find(id) === this.#self) throw errors.notEnoughStarted();
    this.#learners = this.#learners.filter(({ ID }) => ID !== id);
  }

  promote(id: bigint): never {
    throw this.#find(id) === this.#self ? errors.memberNotLearner() : errors.learnerNotReady();
  }

  #find(id: bigint): Member {
    const member = this.all.find(({ ID }) => ID === id);
    if (member === undefined) throw errors.memberNotFound();
    return member;
  }

  #checkFree(peerURLs: readonly string[], members: readonly Member[]): void {
    if (members.some((member) => member.peerURLs.some((url) => peerURLs.includes(url)))) throw errors.peerUrlExists();
  }
}

/** Scheme, host and port, no path; or a socket's name. */
const peerUrl = /^(https?:\/\/(\[[^\]]*\]|[^/?#:]*):\d*|unixs?:.*)$/;

/** The URLs in order, or etcd's refusal. */
export function toPeerUrls(given: readonly string[]): string[] {
  const urls = given.map((url) => url.trim());
  if (urls.length === 0 || !urls.every((url) => peerUrl.test(url))) throw errors.memberBadUrls();
  return urls.sort();
}
