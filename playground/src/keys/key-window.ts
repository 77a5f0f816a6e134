import type { WatchEvent } from "etcd-web";
import { toPrintable } from "../text/printable.ts";

/** A key, as bytes and for people. */
export interface ListedKey {
  readonly key: Uint8Array;
  readonly text: string;
}

/** The first keys of a range, in etcd's order, as they were at a revision. */
export interface KeyWindow {
  readonly keys: readonly ListedKey[];
  /** Of the whole range. */
  readonly total: number;
  readonly revision: bigint;
}

/** Keys on the page. */
export const shownKeys = 200;
/** Keys held: as many again in reserve, so that not every delete asks for one more. */
export const heldKeys = 2 * shownKeys;

/** A key of the window. */
export function toListedKey(key: Uint8Array): ListedKey {
  return { key, text: toPrintable(key) };
}

/** The window after an event of its range. */
export function withEvent(window: KeyWindow, event: WatchEvent): KeyWindow {
  const { key, modRevision: revision } = event.kv;
  const [at, found] = findKey(window.keys, key);
  if (event.type === "delete") {
    const keys = found ? window.keys.toSpliced(at, 1) : window.keys;
    return { keys, total: window.total - 1, revision };
  }
  if (!event.isCreate) return { ...window, revision };
  // Behind the last key held, there may be others before the new one.
  const beyond = at === window.keys.length && window.keys.length < window.total;
  const keys = beyond ? window.keys : window.keys.toSpliced(at, 0, toListedKey(key)).slice(0, heldKeys);
  return { keys, total: window.total + 1, revision };
}

/** Deletes have used up the reserve. */
export function lacksKeys({ keys, total }: KeyWindow): boolean {
  return keys.length < Math.min(shownKeys, total);
}

/** Where the key is or belongs, and which of both. */
function findKey(keys: readonly ListedKey[], key: Uint8Array): readonly [at: number, found: boolean] {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const listed = keys[middle];
    const order = listed === undefined ? 0 : compareBytes(listed.key, key);
    if (order === 0) return [middle, true];
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return [low, false];
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const differs = a.findIndex((byte, index) => byte !== b[index]);
  if (differs === -1) return a.length - b.length;
  return differs < b.length ? (a[differs] ?? 0) - (b[differs] ?? 0) : 1;
}
