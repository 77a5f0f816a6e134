import { isEndless, type Range } from "../../base/range.ts";
import type { EtcdReader } from "../../client/etcd.ts";
import { toEtcdError } from "../../transport/to-etcd-error.ts";
import type { Watch } from "../../watch/options.ts";
import { Backlog } from "./backlog.ts";
import type { Cover, Failure, Topic } from "./messages.ts";

type News =
  | ({ readonly type: "cover" } & Omit<Cover, "topic">)
  | ({ readonly type: "failed" } & Omit<Failure, "topic">);

/** The one watch of a topic, for all tabs. */
export class HeldWatch {
  readonly #etcd: EtcdReader;
  readonly #topic: Topic;
  readonly #tell: (news: News) => void;
  #backlog: Backlog;
  #watch: Watch | undefined;
  #open = false;

  /** From `next` on; what comes of it is told. */
  constructor(etcd: EtcdReader, topic: Topic, next: bigint, tell: (news: News) => void) {
    this.#etcd = etcd;
    this.#topic = topic;
    this.#tell = tell;
    this.#backlog = this.#begin(next);
  }

  /** Somebody wants everything from `next` on: who comes from far back takes the watch back with him. */
  join(next: bigint): void {
    if (!this.#backlog.covers(next)) this.#backlog = this.#begin(next);
    else if (this.#open) this.#tell({ type: "cover", ...this.#backlog.since(next) });
  }

  close(): void {
    void this.#watch?.close();
    this.#watch = undefined;
  }

  #begin(startRevision: bigint): Backlog {
    this.close();
    const { prevKv, only, requireLeader } = this.#topic;
    const watch = this.#etcd.watch(toRange(this.#topic), {
      startRevision,
      prevKv,
      only,
      requireLeader,
      progress: true,
    });
    this.#watch = watch;
    this.#open = false;
    const backlog = new Backlog(startRevision);
    void this.#follow(watch, backlog);
    return backlog;
  }

  async #follow(watch: Watch, backlog: Backlog): Promise<void> {
    const isMine = (): boolean => this.#watch === watch;
    const opened = (): void => {
      if (!isMine()) return;
      this.#open = true;
      this.#tell({ type: "cover", ...backlog.since(0n) });
    };
    watch.opened.then(opened, () => {});
    try {
      for await (const batch of watch.batches()) {
        if (!isMine()) return;
        const cover = backlog.add(batch);
        if (this.#open) this.#tell({ type: "cover", ...cover });
      }
    } catch (error) {
      if (!isMine()) return;
      const { code, message, reason, compactRevision } = toEtcdError(error, { what: "Watch", write: false });
      this.#tell({ type: "failed", error: { code, message, reason, compactRevision } });
    }
  }
}

/** etcd's terms as a range again. */
export function toRange({ key, rangeEnd }: Pick<Topic, "key" | "rangeEnd">): Range {
  if (rangeEnd.length === 0) return key;
  return isEndless(rangeEnd) ? { from: key } : { from: key, to: rangeEnd };
}
