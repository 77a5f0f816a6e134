import type { KeyValue } from "../gen/mvccpb/kv_pb.ts";
import { KeyHistory } from "./key-history.ts";
import type { Span } from "./keys.ts";

// Splitting in two at this size keeps an insertion in a million keys at two short array moves.
const blockSize = 128;

/** All keys in order, each with its history: a two-level sorted array. */
export class KeyIndex {
  /** Neighbours in key order. */
  readonly #blocks: KeyHistory[][] = [[]];
  /** How many of each block exist now: side by side, so that they are added up at a nanosecond each. */
  readonly #live: number[] = [0];

  /** The newest value of the key. */
  latest(name: string): KeyValue | undefined {
    return this.#find(name)?.latest;
  }

  /** The value of the key at a revision. */
  at(name: string, revision: bigint): KeyValue | undefined {
    return this.#find(name)?.at(revision);
  }

  /** Adds a version, which may be a tombstone, to the key. */
  push(name: string, kv: KeyValue): void {
    const number = this.#blockOf(name);
    const block = this.#block(number);
    const history = findOrInsert(block, name);
    const before = history.latest;
    history.push(kv);
    this.#addLive(number, Number(history.latest !== undefined) - Number(before !== undefined));
    if (block.length > blockSize) this.#split(number);
  }

  /** Compacts one key; a key of which nothing is left goes. */
  compact(name: string, revision: bigint): void {
    const number = this.#blockOf(name);
    const block = this.#block(number);
    const position = lowerBound(block, name);
    const history = block[position];
    if (history?.name !== name || !history.compact(revision)) return;
    block.splice(position, 1);
    if (block.length > 0 || this.#blocks.length === 1) return;
    this.#blocks.splice(number, 1);
    this.#live.splice(number, 1);
  }

  /** Shows the histories of a span in key order until `visit` returns false. */
  visit(span: Span, visit: (history: KeyHistory) => boolean): void {
    if ("key" in span) {
      const history = this.#find(span.key);
      if (history) visit(history);
      return;
    }
    const start = this.#blockOf(span.from);
    let position = lowerBound(this.#block(start), span.from);
    for (let number = start; number < this.#blocks.length; number++, position = 0) {
      if (!visitBlock(this.#block(number), position, span.to, visit)) return;
    }
  }

  /** How many keys of the span exist now: whole blocks are added up, not visited. */
  countLive(span: Span): number {
    if ("key" in span) return this.latest(span.key) === undefined ? 0 : 1;
    const { from, to } = span;
    const start = this.#blockOf(from);
    const end = to === undefined ? this.#blocks.length : this.#blockOf(to);
    let live = 0;
    for (let number = start; number <= end && number < this.#blocks.length; number++) {
      live += number > start && number < end ? (this.#live[number] ?? 0) : liveWithin(this.#block(number), from, to);
    }
    return live;
  }

  #find(name: string): KeyHistory | undefined {
    const block = this.#block(this.#blockOf(name));
    const history = block[lowerBound(block, name)];
    return history?.name === name ? history : undefined;
  }

  /** The last block that starts at or before the key. */
  #blockOf(name: string): number {
    let low = 0;
    let high = this.#blocks.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      const first = this.#block(middle)[0];
      if (first !== undefined && first.name <= name) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  // Block numbers come from searches inside the array: there is always a block.
  #block(number: number): KeyHistory[] {
    return this.#blocks[number] as KeyHistory[];
  }

  #addLive(number: number, change: number): void {
    this.#live[number] = (this.#live[number] ?? 0) + change;
  }

  #split(number: number): void {
    const half = this.#block(number).splice(blockSize >>> 1);
    const live = half.filter((history) => history.latest !== undefined).length;
    this.#addLive(number, -live);
    this.#blocks.splice(number + 1, 0, half);
    this.#live.splice(number + 1, 0, live);
  }
}

function lowerBound(histories: readonly KeyHistory[], name: string): number {
  let low = 0;
  let high = histories.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const history = histories[middle];
    if (history !== undefined && history.name < name) low = middle + 1;
    else high = middle;
  }
  return low;
}

function findOrInsert(histories: KeyHistory[], name: string): KeyHistory {
  const position = lowerBound(histories, name);
  const found = histories[position];
  if (found?.name === name) return found;
  const history = new KeyHistory(name);
  histories.splice(position, 0, history);
  return history;
}

function liveWithin(histories: readonly KeyHistory[], from: string, to: string | undefined): number {
  let live = 0;
  visitBlock(histories, lowerBound(histories, from), to, ({ latest }) => {
    if (latest !== undefined) live++;
    return true;
  });
  return live;
}

function visitBlock(
  histories: readonly KeyHistory[],
  start: number,
  to: string | undefined,
  visit: (history: KeyHistory) => boolean,
): boolean {
  for (let position = start; position < histories.length; position++) {
    const history = histories[position];
    if (history === undefined || (to !== undefined && history.name >= to) || !visit(history)) return false;
  }
  return true;
}
