import type { EtcdError } from "../base/errors.ts";
import { otherCluster, restoredCluster } from "./cluster-changed.ts";

/** The present revision, by a linearizable read. */
export type Read = () => Promise<bigint>;

/**
 * Notices that the cluster is not the one it was: another id, or history taken back by a restore. A watch would wait
 * there in silence, for a revision that is long to come and will mean something else. One for all watches of a client,
 * also while some wait for their readers.
 */
export class ClusterGuard {
  readonly #changed: (error: EtcdError) => void;
  #clusterId = 0n;
  /** The highest revision known to exist: only events, bookmarks and reads tell; a proxy makes up other headers. */
  #reached = 0n;
  /** How often it has become another: a read that began in another epoch may be the old one's word. */
  #epoch = 0;
  #asking = false;

  /** @param changed told when it is noticed */
  constructor(changed: (error: EtcdError) => void) {
    this.#changed = changed;
  }

  /** This revision exists. */
  reached(revision: bigint): void {
    if (revision > this.#reached) this.#reached = revision;
  }

  /**
   * Makes a linearizable read, whose answer is the cluster's own word: it cannot be behind what was known before it. Made
   * again where the cluster has changed meanwhile.
   */
  async check(read: Read): Promise<bigint> {
    const [epoch, before] = [this.#epoch, this.#reached];
    const revision = await read();
    if (epoch !== this.#epoch) return await this.check(read);
    if (revision >= before) this.reached(revision);
    else this.#begin(revision, restoredCluster(revision, before));
    return revision;
  }

  /**
   * Watches from `next` on have been confirmed. Where that is further than anything known, nothing would tell that the
   * cluster has been there, and a restore before the first event or bookmark would go unnoticed: a read does.
   */
  begun(next: bigint, read: Read): void {
    if (next > this.#reached + 1n) void this.#ask(read);
  }

  /** A member has confirmed a watch. One that is behind may be lagging: only a linearizable read can tell. */
  met(clusterId: bigint, revision: bigint, read: Read): void {
    const before = this.#clusterId;
    if (clusterId !== 0n) this.#clusterId = clusterId;
    if (before !== 0n && this.#clusterId !== before) this.#begin(0n, otherCluster(clusterId, before));
    else if (revision < this.#reached) void this.#ask(read);
  }

  async #ask(read: Read): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    // What cannot be read now is asked again with the next stream, or when this one falls silent.
    await this.check(read).catch(() => {});
    this.#asking = false;
  }

  #begin(reached: bigint, error: EtcdError): void {
    this.#epoch++;
    this.#reached = reached;
    this.#changed(error);
  }
}
