import type { EtcdError } from "../../base/errors.ts";
import type { ResponseHeader } from "../../base/header.ts";
import { otherCluster, restoredCluster } from "../../watch/cluster-changed.ts";

/** Makes a linearizable read. */
type Read = (signal?: AbortSignal) => Promise<Pick<ResponseHeader, "clusterId" | "revision">>;

/**
 * How far a watch knows the cluster to have come. The client of the tab that holds the watch, which may be a new one,
 * need not know it: after a restore it would wait in silence for revisions that are long to come and mean something else.
 */
export class KnownCluster {
  readonly #read: Read;
  #clusterId = 0n;
  #reached = 0n;

  constructor(read: Read) {
    this.#read = read;
  }

  /** Nothing is known yet. */
  get isNew(): boolean {
    return this.#reached === 0n;
  }

  /** This revision exists. */
  reached(revision: bigint): void {
    if (revision > this.#reached) this.#reached = revision;
  }

  /** The present revision. */
  async ask(signal?: AbortSignal): Promise<bigint> {
    const { clusterId, revision } = await this.#read(signal);
    this.#clusterId = clusterId;
    this.reached(revision);
    return revision;
  }

  /** Whether it is still the same, and has all that it had; else what has changed. */
  async verify(): Promise<"same" | "unknown" | EtcdError> {
    const [clusterId, reached] = [this.#clusterId, this.#reached];
    const revision = await this.ask().catch(() => undefined);
    if (revision === undefined) return "unknown";
    if (clusterId !== 0n && this.#clusterId !== clusterId) return otherCluster(this.#clusterId, clusterId);
    return revision < reached ? restoredCluster(revision, reached) : "same";
  }
}
