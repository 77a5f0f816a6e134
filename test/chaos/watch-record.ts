import type { WatchEvent } from "../../src/index.ts";
import { holds, type Interval, type KeyEvent, keyToText, type Pair, valueToText } from "./history.ts";

/** What was asked of a watch. */
export interface WatchSubject extends Interval {
  readonly prevKv: boolean;
  readonly only: "put" | "delete" | undefined;
  readonly progress: boolean;
  /** Undefined: from now on. */
  readonly start: bigint | undefined;
  /** Whether it was read by revision or event by event, which does not tell where a revision ends. */
  readonly by: "batches" | "events";
}

/** An event as it was delivered. */
export interface DeliveredEvent extends KeyEvent {
  readonly isCreate: boolean;
}

/** A batch, a bookmark (no events), or a single event. */
export interface Delivery {
  readonly revision: bigint;
  readonly events: readonly DeliveredEvent[];
  /** The newest revision that a compaction had been asked for when it came. */
  readonly compacted: bigint;
}

/** How a watch ended. */
export type WatchEnd =
  /** It was still open when the last revision had long been written: it must have delivered everything. */
  | { readonly kind: "open" }
  /** Its reader left before. */
  | { readonly kind: "left" }
  /** It said so; `asked` are the revisions that compactions had been asked for by then. */
  | { readonly kind: "compacted"; readonly compactRevision: bigint; readonly asked: readonly bigint[] }
  | { readonly kind: "failed"; readonly reason: string };

/** All that is known of a watch. */
export interface WatchRecord {
  readonly name: string;
  readonly subject: WatchSubject;
  /** What `opened` gave, if it did. */
  readonly opened: bigint | undefined;
  /** Of a watch from now on: a revision that was written before it was asked for. */
  readonly openedAfter?: bigint | undefined;
  /** Of a watch from now on: a revision whose write began when it was open. */
  readonly openedBefore?: bigint | undefined;
  readonly deliveries: readonly Delivery[];
  readonly end: WatchEnd;
}

/** Whether a watch has to deliver an event. */
export function covers(subject: WatchSubject, event: KeyEvent): boolean {
  return holds(subject, event.kv.key) && (subject.only === undefined || subject.only === event.type);
}

/** What the client gave, as the record keeps it. */
export function recordEvent(event: WatchEvent): DeliveredEvent {
  const { type, kv, prevKv } = event;
  const before = prevKv && toPair(prevKv);
  if (type === "put") return { type, kv: toPair(kv), prevKv: before, isCreate: event.isCreate };
  return { type, kv: deletedPair(keyToText(kv.key), kv.modRevision), prevKv: before, isCreate: false };
}

/** What is left of a pair in the event of its deletion. */
export function deletedPair(key: string, modRevision: bigint): Pair {
  return { key, value: "", createRevision: 0n, modRevision, version: 0n, lease: 0n };
}

/** Pair fields of whatever kind, the generated message's among them. */
export function toPair(kv: Omit<Pair, "key" | "value"> & { key: Uint8Array; value: Uint8Array }): Pair {
  const { key, value, createRevision, modRevision, version, lease } = kv;
  return { key: keyToText(key), value: valueToText(value), createRevision, modRevision, version, lease };
}
