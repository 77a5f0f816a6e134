import { createClient } from "@connectrpc/connect";
import type { Etcd } from "../../src/index.ts";
import { KV } from "../../src/proto.ts";
import { asyncDispose } from "./expectations.ts";
import { deleteOf, type History, putOf } from "./history.ts";

/** Writes one change after the other and keeps what they were, until it is stopped. */
export interface Writer extends AsyncDisposable {
  /** Resolves when the last write is done. */
  stop(): Promise<void>;
}

/** Starts one below `prefix`, which is its own: puts, deletes, and transactions that do several of both. */
export function startWriter(etcd: Etcd, prefix: string, history: History, random: () => number): Writer {
  const hand = new Hand(etcd, prefix, history, random);
  let isStopped = false;
  const writing = (async () => {
    while (!isStopped) await hand.writeOnce();
  })();
  writing.catch(() => {}); // told by stop()
  const stop = (): Promise<void> => {
    isStopped = true;
    return writing;
  };
  return { stop, [asyncDispose]: stop };
}

/** Writes as many puts below `prefix`, some at once, and keeps what they were. */
export async function writeMany(
  etcd: Etcd,
  prefix: string,
  count: number,
  history: History,
  value = "",
): Promise<void> {
  let left = count;
  const writers = Array.from({ length: Math.min(50, count) }, async (_, writer) => {
    while (left-- > 0) {
      const key = prefix + writer;
      history.add((await etcd.put(key, value)).revision, [putOf(key, value)]);
    }
  });
  await Promise.all(writers);
}

class Hand {
  readonly #etcd: Etcd;
  readonly #prefix: string;
  readonly #history: History;
  readonly #random: () => number;
  /** Keys that exist: to delete another would be no change. */
  readonly #keys = new Set<string>();
  #count = 0;

  constructor(etcd: Etcd, prefix: string, history: History, random: () => number) {
    this.#etcd = etcd;
    this.#prefix = prefix;
    this.#history = history;
    this.#random = random;
  }

  async writeOnce(): Promise<void> {
    const choice = this.#random();
    const [existing] = this.#keys;
    if (choice < 0.5) await this.#put(this.#someKey());
    else if (choice < 0.7 && existing !== undefined) await this.#delete(existing);
    else await this.#transact();
  }

  async #put(key: string): Promise<void> {
    const value = this.#nextValue();
    const { revision } = await this.#etcd.put(key, value);
    this.#keys.add(key);
    this.#history.add(revision, [putOf(key, value)]);
  }

  async #delete(key: string): Promise<void> {
    const { revision } = await this.#etcd.delete(key);
    this.#keys.delete(key);
    this.#history.add(revision, [deleteOf(key)]);
  }

  /** Every numbered key goes, in one operation, then three new ones come: one revision. */
  async #transact(): Promise<void> {
    const gone = [...this.#keys].filter((key) => key.startsWith(this.#numbered)).sort();
    const puts = [1, 2, 3].map((n) => [`${this.#prefix}new-${this.#count}-${n}`, this.#nextValue()] as const);
    const { header } = await createClient(KV, this.#etcd.transport).txn({
      success: [
        {
          request: {
            case: "requestDeleteRange",
            value: { key: encode(this.#numbered), rangeEnd: encode(`${this.#numbered}~`) },
          },
        },
        ...puts.map(([key, value]) => ({
          request: { case: "requestPut" as const, value: { key: encode(key), value: encode(value) } },
        })),
      ],
    });
    for (const key of gone) this.#keys.delete(key);
    for (const [key] of puts) this.#keys.add(key);
    this.#history.add(header?.revision ?? 0n, [...gone.map(deleteOf), ...puts.map((put) => putOf(...put))]);
  }

  get #numbered(): string {
    return `${this.#prefix}key-`;
  }

  #someKey(): string {
    return this.#numbered + Math.floor(this.#random() * 8);
  }

  #nextValue(): string {
    return String(++this.#count);
  }
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
