import { Result } from "../base/json.ts";
import { KeyValue, keyText, toKeyValue } from "../base/key-value.ts";
import type { Prefix } from "../base/prefix.ts";
import { type Event, Event_EventType as EventType } from "../gen/mvccpb/kv_pb.ts";

/** A key that is gone. */
export interface DeletedKey {
  /** Its bytes. */
  readonly key: Uint8Array;
  /** The revision that deleted it. */
  readonly modRevision: bigint;
  /** The key as text. Throws "invalid-argument" when it is not UTF-8. */
  keyText(): string;
}

/** What happened to a key. */
export type WatchEvent =
  | {
      readonly type: "put";
      readonly kv: KeyValue;
      /** Before the put: only where `prevKv` was asked for, the key existed, and compaction has not taken it. */
      readonly prevKv: KeyValue | undefined;
      /** The put that brought the key into being. */
      readonly isCreate: boolean;
    }
  | {
      readonly type: "delete";
      readonly kv: DeletedKey;
      /** Before the delete: only where `prevKv` was asked for, and compaction has not taken it. */
      readonly prevKv: KeyValue | undefined;
    };

/**
 * One revision, whole. With `progress: true` also bookmarks, `events` empty: everything up to `revision` has been
 * delivered.
 */
export interface WatchBatch {
  /** Of the store. */
  readonly revision: bigint;
  /** All events of that revision that the watch covers. */
  readonly events: readonly WatchEvent[];
}

// Classes, so that all of a kind have one shape: an event is made for each of thousands a second.
class Batch extends Result implements WatchBatch {
  readonly revision: bigint;
  readonly events: readonly WatchEvent[];

  constructor(revision: bigint, events: readonly WatchEvent[]) {
    super();
    this.revision = revision;
    this.events = events;
  }
}

class Put extends Result {
  readonly type = "put";
  readonly kv: KeyValue;
  readonly prevKv: KeyValue | undefined;
  readonly isCreate: boolean;

  constructor(kv: KeyValue, prevKv: KeyValue | undefined) {
    super();
    this.kv = kv;
    this.prevKv = prevKv;
    this.isCreate = kv.createRevision === kv.modRevision;
  }
}

class Delete extends Result {
  readonly type = "delete";
  readonly kv: DeletedKey;
  readonly prevKv: KeyValue | undefined;

  constructor(kv: DeletedKey, prevKv: KeyValue | undefined) {
    super();
    this.kv = kv;
    this.prevKv = prevKv;
  }
}

class Deleted extends Result implements DeletedKey {
  readonly key: Uint8Array;
  readonly modRevision: bigint;

  constructor(key: Uint8Array, modRevision: bigint) {
    super();
    this.key = key;
    this.modRevision = modRevision;
  }

  keyText(): string {
    return keyText(this.key);
  }
}

/** A batch that `postMessage` has copied, with its methods. */
export function reviveBatch({ revision, events }: WatchBatch): WatchBatch {
  return new Batch(revision, events.map(reviveEvent));
}

function reviveEvent(event: WatchEvent): WatchEvent {
  const prevKv = event.prevKv && KeyValue.from(event.prevKv);
  if (event.type === "put") return new Put(KeyValue.from(event.kv), prevKv);
  return new Delete(new Deleted(event.kv.key, event.kv.modRevision), prevKv);
}

/** About how many bytes a batch or an event holds. */
export function weightOf(what: WatchBatch | WatchEvent): number {
  if ("events" in what) return what.events.reduce((sum, event) => sum + weightOf(event), 100);
  const { kv, prevKv } = what;
  const value = "value" in kv ? kv.value.length : 0;
  return 300 + kv.key.length + value + (prevKv === undefined ? 0 : prevKv.key.length + prevKv.value.length);
}

/** The revision that an event belongs to. */
export function revisionOf(event: Event): bigint {
  return event.kv?.modRevision ?? 0n;
}

/** One revision, whole; without events a bookmark. */
export function toBatch(revision: bigint, events: readonly Event[], prefix: Prefix): WatchBatch {
  return new Batch(
    revision,
    events.map((event) => toWatchEvent(event, prefix)),
  );
}

/** A decoded event, its keys as the namespace knows them. */
export function toWatchEvent(event: Event, prefix: Prefix): WatchEvent {
  const prevKv = event.prevKv && toKeyValue(event.prevKv, prefix);
  if (event.type === EventType.DELETE) {
    const kv = new Deleted(prefix.strip(event.kv?.key ?? new Uint8Array()), revisionOf(event));
    return new Delete(kv, prevKv);
  }
  if (event.kv === undefined) throw new TypeError("A put event without a pair");
  return new Put(toKeyValue(event.kv, prefix), prevKv);
}
