import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { sizeDelimitedEncode, sizeDelimitedPeek } from "@bufbuild/protobuf/wire";
import { own } from "../base/bytes.ts";
import { LeaseCheckpointRequestSchema } from "../gen/etcdserverpb/internal_pb.ts";
import { type WatchResponse, WatchResponseSchema } from "../gen/etcdserverpb/watch_pb.ts";
import { EventSchema, type KeyValue } from "../gen/mvccpb/kv_pb.ts";
import { type Change, firstLogged } from "./change-log.ts";
import { toName } from "./keys.ts";
import type { StoreState } from "./store.ts";

/** All that outlives a restart of etcd: who it is, the whole history, and the leases, though not how long they have run. */
export interface SavedState {
  readonly clusterId: bigint;
  readonly memberId: bigint;
  readonly store: StoreState;
  readonly leases: readonly { readonly id: bigint; readonly ttl: bigint }[];
}

// Names the format, so that other bytes are refused. Then the history as a WatchResponse, and the leases.
const magic = new TextEncoder().encode("etcd-web memory 1\n");

export function encodeState({ clusterId, memberId, store, leases }: SavedState): Uint8Array {
  const kvs = [...store.base, ...store.log.flatMap((changes) => changes.map(({ kv }) => kv))];
  const history = create(WatchResponseSchema, {
    header: { clusterId, memberId, revision: store.revision },
    compactRevision: store.compacted,
    events: kvs.map((kv) => create(EventSchema, { kv })),
  });
  const granted = create(LeaseCheckpointRequestSchema, {
    checkpoints: leases.map(({ id, ttl }) => ({ ID: id, remainingTTL: ttl })),
  });
  return concat(
    magic,
    sizeDelimitedEncode(WatchResponseSchema, history),
    toBinary(LeaseCheckpointRequestSchema, granted),
  );
}

export function decodeState(state: Uint8Array): SavedState {
  try {
    return decode(state);
  } catch (cause) {
    throw new TypeError("state is not what save() of etcd-web/memory returned", { cause });
  }
}

function decode(state: Uint8Array): SavedState {
  if (magic.some((byte, index) => state[index] !== byte)) throw new RangeError("it begins otherwise");
  const body = state.subarray(magic.length);
  const { size, offset } = sizeDelimitedPeek(body);
  if (size === null || offset + size > body.length) throw new RangeError("it is cut short");
  const history = fromBinary(WatchResponseSchema, body.subarray(offset, offset + size));
  const { checkpoints } = fromBinary(LeaseCheckpointRequestSchema, body.subarray(offset + size));
  const { clusterId = 0n, memberId = 0n } = history.header ?? {};
  const leases = checkpoints.map(({ ID: id, remainingTTL: ttl }) => ({ id, ttl }));
  return { clusterId, memberId, store: storeOf(history), leases };
}

function storeOf({ header, compactRevision: compacted, events }: WatchResponse): StoreState {
  const revision = header?.revision ?? 0n;
  const first = firstLogged(compacted);
  const base: KeyValue[] = [];
  const log: Change[][] = Array.from({ length: Number(revision - first) + 1 }, () => []);
  for (const { kv } of events) {
    if (kv === undefined) continue;
    kv.key = own(kv.key);
    kv.value = own(kv.value);
    if (kv.modRevision < first) base.push(kv);
    else log[Number(kv.modRevision - first)]?.push({ name: toName(kv.key), kv });
  }
  return { revision, compacted, base, log };
}

function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}
