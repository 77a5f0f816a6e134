import { toJson, toResult } from "../base/json.ts";
import { type KeyValue, keyText, toKeyValue } from "../base/key-value.ts";
import type { Prefix } from "../base/prefix.ts";
import { type Event, Event_EventType as EventType } from "../gen/mvccpb/kv_pb.ts";

/** A key that is gone. */
export interface DeletedKey {
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
  readonly revision: bigint;
  readonly events: readonly WatchEvent[];
}

class Deleted implements DeletedKey {
  readonly key: Uint8Array;
  readonly modRevision: bigint;

  constructor(key: Uint8Array, modRevision: bigint) {
    this.key = key;
    this.modRevision = modRevision;
  }

  keyText(): string {
    return keyText(this.key);
  }

  toJSON(): unknown {
    return toJson({ ...this });
  }
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

/** A decoded event, its keys as the namespace knows them. */
export function toWatchEvent(event: Event, prefix: Prefix): WatchEvent {
  const prevKv = event.prevKv && toKeyValue(event.prevKv, prefix);
  if (event.type === EventType.DELETE) {
    const kv = new Deleted(prefix.strip(event.kv?.key ?? new Uint8Array()), revisionOf(event));
    return toResult({ type: "delete", kv, prevKv });
  }
  if (event.kv === undefined) throw new TypeError("A put event without a pair");
  const kv = toKeyValue(event.kv, prefix);
  return toResult({ type: "put", kv, prevKv, isCreate: kv.createRevision === kv.modRevision });
}
