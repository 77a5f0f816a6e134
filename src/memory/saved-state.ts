import { create, type DescMessage, fromBinary, type MessageShape, toBinary } from "@bufbuild/protobuf";
import { BinaryReader, BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { own } from "../base/bytes.ts";
import { RoleSchema, UserSchema } from "../gen/authpb/auth_pb.ts";
import { AuthStatusResponseSchema } from "../gen/etcdserverpb/auth_pb.ts";
import { type Member, MemberListResponseSchema } from "../gen/etcdserverpb/cluster_pb.ts";
import { LeaseCheckpointRequestSchema } from "../gen/etcdserverpb/internal_pb.ts";
import { type AlarmMember, AlarmResponseSchema } from "../gen/etcdserverpb/maintenance_pb.ts";
import { type WatchResponse, WatchResponseSchema } from "../gen/etcdserverpb/watch_pb.ts";
import { EventSchema, type KeyValue } from "../gen/mvccpb/kv_pb.ts";
import type { AuthState } from "./auth-store.ts";
import { type Change, firstLogged } from "./change-log.ts";
import { toName } from "./keys.ts";
import type { StoreState } from "./store.ts";

/** All that outlives a restart of etcd: who it is, the whole history, users and roles, and the leases, though not how long they have run. */
export interface SavedState {
  readonly clusterId: bigint;
  readonly memberId: bigint;
  readonly store: StoreState;
  readonly leases: readonly { readonly id: bigint; readonly ttl: bigint }[];
  readonly auth: AuthState;
  readonly alarms: readonly AlarmMember[];
  readonly learners: readonly Member[];
}

// Names the format, so that other bytes are refused; a snapshot begins with it too. Then sections as fields of a
// message, each a message of etcd's that has room for it.
const magic = new TextEncoder().encode("etcd-web memory 2: for createMemoryEtcd({ state }), no database of etcd\n");
const section = { history: 1, leases: 2, auth: 3, user: 4, role: 5, alarms: 6, learners: 7 } as const;

export function encodeState({ clusterId, memberId, store, leases, auth, alarms, learners }: SavedState): Uint8Array {
  const kvs = [...store.base, ...store.log.flatMap((changes) => changes.map(({ kv }) => kv))];
  const history = create(WatchResponseSchema, {
    header: { clusterId, memberId, revision: store.revision },
    compactRevision: store.compacted,
    events: kvs.map((kv) => create(EventSchema, { kv })),
  });
  const granted = create(LeaseCheckpointRequestSchema, {
    checkpoints: leases.map(({ id, ttl }) => ({ ID: id, remainingTTL: ttl })),
  });
  const status = create(AuthStatusResponseSchema, { enabled: auth.enabled, authRevision: auth.revision });
  const writer = new BinaryWriter().raw(magic);
  const add = <Desc extends DescMessage>(number: number, schema: Desc, message: MessageShape<Desc>): void => {
    writer.tag(number, WireType.LengthDelimited).bytes(toBinary(schema, message));
  };
  add(section.history, WatchResponseSchema, history);
  add(section.leases, LeaseCheckpointRequestSchema, granted);
  add(section.auth, AuthStatusResponseSchema, status);
  for (const user of auth.users) add(section.user, UserSchema, user);
  for (const role of auth.roles) add(section.role, RoleSchema, role);
  add(section.alarms, AlarmResponseSchema, create(AlarmResponseSchema, { alarms: [...alarms] }));
  add(section.learners, MemberListResponseSchema, create(MemberListResponseSchema, { members: [...learners] }));
  return writer.finish();
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
  const sections = readSections(state.subarray(magic.length));
  const all = <Desc extends DescMessage>(number: number, schema: Desc): MessageShape<Desc>[] =>
    (sections.get(number) ?? []).map((bytes) => fromBinary(schema, bytes));
  const one = <Desc extends DescMessage>(number: number, schema: Desc): MessageShape<Desc> => {
    const [message] = all(number, schema);
    if (message === undefined) throw new RangeError("it is cut short");
    return message;
  };
  const history = one(section.history, WatchResponseSchema);
  const { checkpoints } = one(section.leases, LeaseCheckpointRequestSchema);
  const { enabled, authRevision: revision } = one(section.auth, AuthStatusResponseSchema);
  const { clusterId = 0n, memberId = 0n } = history.header ?? {};
  return {
    clusterId,
    memberId,
    store: storeOf(history),
    leases: checkpoints.map(({ ID: id, remainingTTL: ttl }) => ({ id, ttl })),
    auth: { enabled, revision, users: all(section.user, UserSchema), roles: all(section.role, RoleSchema) },
    alarms: one(section.alarms, AlarmResponseSchema).alarms,
    learners: one(section.learners, MemberListResponseSchema).members,
  };
}

/** By number. What a snapshot is filled up with, zeros, begins no section. */
function readSections(bytes: Uint8Array): Map<number, Uint8Array[]> {
  const sections = new Map<number, Uint8Array[]>();
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len && bytes[reader.pos] !== 0) {
    const [number] = reader.tag();
    sections.set(number, [...(sections.get(number) ?? []), reader.bytes()]);
  }
  return sections;
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
