import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { joinBytes } from "../base/bytes.ts";
import { prefixEnd } from "../base/range.ts";
import type { ResponseHeader } from "../gen/etcdserverpb/header_pb.ts";
import {
  RangeRequest_SortOrder as Order,
  RangeRequestSchema,
  type ResponseOp,
  Compare_CompareResult as Result,
  RangeRequest_SortTarget as SortTarget,
  Compare_CompareTarget as Target,
  TxnRequestSchema,
} from "../gen/etcdserverpb/kv_pb.ts";
import type { KeyValue } from "../gen/mvccpb/kv_pb.ts";
import { Answers } from "./answers.ts";
import type { Core } from "./core.ts";
import { isTombstone } from "./key-history.ts";
import { toName } from "./keys.ts";
import { KvCalls } from "./kv-calls.ts";
import { grant } from "./lease-service.ts";
import { sizeOf } from "./request-size.ts";

/** A key in the queue of a lock or an election: whose was created first is the holder. */
export interface Place {
  readonly key: Uint8Array;
  /** When the key was created. */
  readonly revision: bigint;
  /** What was there already: the same lease stands only once in a queue. */
  readonly existing: KeyValue | undefined;
  readonly isFirst: boolean;
  readonly header: ResponseHeader;
}

const encoder = new TextEncoder();
const slash = encoder.encode("/");
// A session's, where none is given: as etcd's, nobody keeps it alive.
const sessionTtl = 60n;

/** The calls that etcd makes in its caller's name, as a client of itself. */
export function ownCalls(core: Core, headers: Headers): KvCalls {
  return new KvCalls(core, headers, sizeOf);
}

/** All keys of a queue are below its name and a slash. */
export function queuePrefix(name: Uint8Array): Uint8Array {
  return joinBytes([name, slash]);
}

/** The lease to stand in a queue with: the one given, or a new one. */
export function sessionLease(core: Core, headers: Headers, given: bigint): bigint {
  return given === 0n ? grant(core, headers, { ID: 0n, TTL: sessionTtl }).id : given;
}

/** Stands in the queue, with the lease's id in the key, at the end or where the lease stands already. */
export function join(kv: KvCalls, name: Uint8Array, lease: bigint, value: Uint8Array): Place {
  const prefix = queuePrefix(name);
  const key = joinBytes([prefix, encoder.encode(lease.toString(16))]);
  const oldest = { case: "requestRange", value: inQueue(prefix, Order.ASCEND) } as const;
  const request = create(TxnRequestSchema, {
    compare: [{ key, target: Target.CREATE, result: Result.EQUAL, targetUnion: { case: "createRevision", value: 0n } }],
    success: [{ request: { case: "requestPut", value: { key, value, lease } } }, { request: oldest }],
    failure: [{ request: { case: "requestRange", value: { key } } }, { request: oldest }],
  });
  const { header, responses } = kv.txn(request);
  const [own, first] = responses.map(firstKv);
  const revision = own?.createRevision ?? header.revision;
  return { key, revision, existing: own, isFirst: first?.createRevision === revision, header };
}

/** Waits until nobody in the queue is before this revision. */
export async function turn(
  core: Core,
  kv: KvCalls,
  name: Uint8Array,
  revision: bigint,
  signal: AbortSignal,
): Promise<void> {
  const before = { ...inQueue(queuePrefix(name), Order.DESCEND), maxCreateRevision: revision - 1n };
  for (;;) {
    const [next] = kv.range(create(RangeRequestSchema, before)).kvs;
    if (next === undefined) return;
    await deleted(core, toName(next.key), signal);
  }
}

/**
 * Leaves the queue when the call has ended, unless the place has become another's. etcd does so by its own hand, which
 * has no token: while authentication is on it is refused, and the place is kept until its lease ends.
 */
export function leave(core: Core, { key, revision }: Pick<Place, "key" | "revision">): void {
  if (core.access.auth.enabled) return;
  const name = toName(key);
  if (core.store.index.latest(name)?.createRevision !== revision) return;
  core.store.write((writer) => writer.delete({ key: name }));
}

/** The oldest key of a queue. */
export function first(kv: KvCalls, name: Uint8Array): { header: ResponseHeader; kv: KeyValue | undefined } {
  const { header, kvs } = kv.range(create(RangeRequestSchema, inQueue(queuePrefix(name), Order.ASCEND)));
  return { header, kv: kvs[0] };
}

/** etcd answers these calls as a client of itself, whose errors lose their code on the way. */
export function withoutCode(error: unknown): ConnectError {
  const { code, rawMessage } = ConnectError.from(error);
  const isOfTheCall = code === Code.Canceled || code === Code.DeadlineExceeded || code === Code.Unavailable;
  return new ConnectError(rawMessage, isOfTheCall ? code : Code.Unknown);
}

/** One key of the queue: the oldest (ascending) or the youngest. */
function inQueue(prefix: Uint8Array, sortOrder: Order): MessageInitShape<typeof RangeRequestSchema> {
  return { key: prefix, rangeEnd: prefixEnd(prefix), sortTarget: SortTarget.CREATE, sortOrder, limit: 1n };
}

function firstKv({ response }: ResponseOp): KeyValue | undefined {
  return response.case === "responseRange" ? response.value.kvs[0] : undefined;
}

async function deleted(core: Core, name: string, signal: AbortSignal): Promise<void> {
  const answers = new Answers<undefined>(core, signal, (answers) => {
    const follower = {
      span: { key: name },
      next: 0n,
      receive(_: bigint, changes: readonly { readonly kv: KeyValue }[]) {
        if (changes.some(({ kv }) => isTombstone(kv))) answers.end();
      },
    };
    core.synced.add(follower);
    return { closed: () => core.synced.delete(follower) };
  });
  await answers.stream.next();
}
