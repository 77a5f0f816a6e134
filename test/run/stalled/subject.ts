import type { Etcd, WatchBatch } from "../../../src/index.ts";
import type { Answers } from "./orders.ts";

/** How many watches share the client with the one that is not read. */
export const neighbours = 3;

/** A watch that is not read until it is told to, and its neighbours, which are: on any runtime. */
export class StalledWatch {
  readonly #batches: AsyncIterator<WatchBatch, undefined>;
  readonly #opened: Promise<bigint>;
  readonly #digest = new Digest();
  #heard = 0;
  #latestMs = 0;

  constructor(etcd: Etcd) {
    for (let i = 0; i < neighbours; i++) void this.#listen(etcd, `neighbour/${i}`);
    const watch = etcd.watch({ prefix: "busy/" });
    this.#opened = watch.opened;
    this.#batches = watch.batches()[Symbol.asyncIterator]();
  }

  async opened(): Promise<void> {
    await this.#opened;
  }

  async readUpTo(last: bigint): Promise<void> {
    for (let reached = 0n; reached < last; ) {
      const { value: batch } = await this.#batches.next();
      if (batch === undefined) throw new Error("The watch has ended.");
      reached = batch.revision;
      for (const { kv } of batch.events) {
        this.#digest.add(`${reached} ${"value" in kv ? kv.text().slice(0, nameLength) : ""}`);
      }
    }
  }

  get figures(): Omit<Answers, "cost"> {
    const digest = this.#digest;
    return { heard: this.#heard, latestMs: this.#latestMs, events: digest.lines, digest: `${digest}` };
  }

  /** Their events carry the time they were written at. */
  async #listen(etcd: Etcd, key: string): Promise<void> {
    for await (const event of etcd.watch(key)) {
      if (event.type !== "put") continue;
      this.#heard++;
      this.#latestMs = Math.max(this.#latestMs, Date.now() - Number(event.kv.text()));
    }
  }
}

/** Values begin with a name of this length, by which they are told from each other. */
export const nameLength = 20;

/** A digest of what has been read so far, which takes no room of what it is to measure: FNV-1a of 32 bits, and a count. */
export class Digest {
  #value = 0x811c9dc5;
  lines = 0;

  add(line: string): void {
    this.lines++;
    for (let i = 0; i < line.length; i++) this.#value = Math.imul(this.#value ^ line.charCodeAt(i), 0x01000193);
  }

  toString(): string {
    return (this.#value >>> 0).toString(16);
  }
}
