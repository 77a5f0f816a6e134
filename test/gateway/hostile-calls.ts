import { create, type DescMessage, type DescMethod, type MessageInitShape, toBinary } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { RangeRequestSchema } from "../../src/gen/etcdserverpb/kv_pb.ts";
import { AlarmRequest_AlarmAction } from "../../src/gen/etcdserverpb/maintenance_pb.ts";
import { Auth, Cluster, Election, KV, Lease, Lock, Maintenance, Watch } from "../../src/proto.ts";
import { frame, framed, pathOf, type RawRequest } from "./raw.ts";

/** A request that must not reach etcd, and what its sender is told. */
export interface Hostile {
  readonly what: string;
  readonly request: RawRequest;
  /** gRPC's status, or one of several; or HTTP's; 0 for a connection that is closed without an answer. */
  readonly told: { readonly grpc: Code | readonly Code[] } | { readonly http: readonly number[] };
}

/** What the gateway of the table lets pass: to read and write, and no other key. */
export const openPrefix = "open/";
/** Keys around it that nobody may touch, and what etcd holds elsewhere. */
export const closedKeys: readonly string[] = ["open", "open.", "open0", "secret/a", "a", "\u0000", "zzz"];
/** A lease of somebody else; on it hangs one of the closed keys. */
export const foreignLease = 4_242n;

const bytes = (text: string): Uint8Array => Buffer.from(text, "latin1");
const [inside, begin, end, secret] = [bytes("open/a"), bytes("open/"), bytes("open0"), bytes("secret/a")];
const none = Uint8Array.of(0);

/** Calls that are well-formed and ask for too much. */
export function hostileCalls(): Hostile[] {
  return [
    ...ranges.flatMap(([what, key, rangeEnd]) => [
      denied(`read ${what}`, KV.method.range, { key, rangeEnd }),
      denied(`stream ${what}`, KV.method.rangeStream, { key, rangeEnd }),
      denied(`delete ${what}`, KV.method.deleteRange, { key, rangeEnd }),
      denied(`watch ${what}`, Watch.method.watch, create1({ key, rangeEnd })),
      denied(`compare ${what}`, KV.method.txn, { compare: [{ key, rangeEnd }] }),
    ]),
    denied("write another key", KV.method.put, { key: secret }),
    denied("write the key before the prefix", KV.method.put, { key: bytes("open.") }),
    denied("write the key after the prefix", KV.method.put, { key: end }),
    denied("put a key on a foreign lease", KV.method.put, { key: inside, lease: foreignLease }),
    denied("count all keys", KV.method.range, { key: none, rangeEnd: none, countOnly: true }),
    denied("read the past of another key", KV.method.range, { key: secret, revision: 1n }),
    denied("read in the branch not taken", KV.method.txn, { failure: [range(secret)] }),
    denied("write in a transaction", KV.method.txn, { success: [put(inside), put(secret)] }),
    denied("write in a transaction in a transaction", KV.method.txn, nested(put(secret), 2)),
    denied("read in a transaction in ten", KV.method.txn, nested(range(secret), 10)),
    denied("delete in a transaction in a transaction", KV.method.txn, nested(remove(begin, none), 2)),
    denied("compact", KV.method.compact, { revision: 1n }),
    denied("watch two, neither allowed", Watch.method.watch, create1({ key: secret }), create1({ key: bytes("open") })),

    denied("revoke a foreign lease", Lease.method.leaseRevoke, { ID: foreignLease }),
    denied("keep a foreign lease", Lease.method.leaseKeepAlive, { ID: foreignLease }),
    denied("name a foreign lease's keys", Lease.method.leaseTimeToLive, { ID: foreignLease, keys: true }),
    denied("take a foreign lease's id", Lease.method.leaseGrant, { TTL: 5n, ID: foreignLease }),
    denied("list the leases", Lease.method.leaseLeases, {}),

    denied("lock another name", Lock.method.lock, { name: bytes("secret") }),
    denied("lock the empty name", Lock.method.lock, {}),
    denied("lock by a foreign lease", Lock.method.lock, { name: inside, lease: foreignLease }),
    denied("unlock another key", Lock.method.unlock, { key: secret }),
    denied("stand for another name", Election.method.campaign, { name: bytes("secret") }),
    denied("proclaim at another key", Election.method.proclaim, { leader: { name: inside, key: secret } }),
    denied("resign from another key", Election.method.resign, { leader: { name: inside, key: secret } }),
    denied("ask for another leader", Election.method.leader, { name: bytes("secret") }),
    denied("observe another leader", Election.method.observe, { name: bytes("secret") }),

    denied("take a snapshot", Maintenance.method.snapshot, {}),
    denied("ask for the status", Maintenance.method.status, {}),
    denied("disarm alarms", Maintenance.method.alarm, { action: AlarmRequest_AlarmAction.DEACTIVATE }),
    denied("defragment", Maintenance.method.defragment, {}),
    denied("hash everything", Maintenance.method.hashKV, {}),
    denied("move the leader", Maintenance.method.moveLeader, { targetID: 1n }),
    denied("list the members", Cluster.method.memberList, {}),
    denied("add a member", Cluster.method.memberAdd, { peerURLs: ["http://127.0.0.1:1"] }),
    denied("switch authentication on", Auth.method.authEnable, {}),
    denied("add a user", Auth.method.userAdd, { name: "root", password: "x" }),
    denied("list the users", Auth.method.userList, {}),

    frames(
      "a field that is not known",
      frame(bytesOf(range(inside).request.value, [0x98, 0x06, 0x01])),
      Code.PermissionDenied,
    ),
    frames(
      "a key twice, the second one another",
      frame(bytesOf({ key: inside }, [0x0a, 1, 0x61])),
      Code.PermissionDenied,
    ),
    frames("a range's end in a second part", frame(bytesOf({ key: begin }, [0x12, 1, 0])), Code.PermissionDenied),
  ];
}

/** Ranges that leave the prefix, by one byte or by far. */
const ranges: readonly (readonly [what: string, key: Uint8Array, rangeEnd: Uint8Array])[] = [
  ["from the byte before the prefix", bytes("open."), end],
  ["from the prefix without its last byte", bytes("open"), end],
  ["to the byte after the prefix", begin, bytes("open0\x00")],
  ["from a key on", inside, none],
  ["all keys", none, none],
  ["a range that is reversed", inside, bytes("a")],
  ["an empty range", inside, inside],
];

/** Requests whose body is not what it should be. */
export function hostileFrames(): Hostile[] {
  const good = framed(KV.method.range, { key: inside });
  const broken = [Code.InvalidArgument, Code.Internal, Code.Unimplemented, Code.DataLoss];
  return [
    frames("no frame at all", new Uint8Array(), broken),
    frames("a frame's head cut short", good.subarray(0, 3), broken),
    frames("a frame cut short", good.subarray(0, good.length - 1), broken),
    frames("a frame that says it is longer", frame(inside, { length: 4_000_000_000 }), broken),
    frames("a frame that says it is shorter", frame(bytesOf({ key: inside }), { length: 2 }), broken),
    frames("a frame and half another", Buffer.concat([good, good.subarray(0, 4)]), broken),
    frames("two requests where there is one", Buffer.concat([good, good]), broken),
    frames("a compressed frame, not said how", frame(bytesOf({ key: inside }), { flags: 1 }), broken),
    {
      ...frames("a compressed frame, of gzip", frame(gzipped, { flags: 1 }), broken),
      request: { body: frame(gzipped, { flags: 1 }), headers: { "grpc-encoding": "gzip" } },
    },
    frames("a frame of trailers", frame(bytes("grpc-status: 0\r\n"), { flags: 0x80 }), broken),
    frames("bytes that are no message", frame(bytes("\xff\xff\xff\xff")), broken),
    frames("a field longer than the message", frame(Uint8Array.of(0x0a, 0x7f, 0x61)), broken),
    frames("a field of the wrong kind", frame(Uint8Array.of(0x08, 0x01)), [...broken, Code.PermissionDenied]),
    frames("a number without end", frame(new Uint8Array(64).fill(0xff)), broken),
    frames("groups without end", frame(new Uint8Array(100_000).fill(0x0b)), [...broken, Code.PermissionDenied]),
    ...[1_000, 50_000].map((depth) => ({
      ...frames(`a transaction ${depth} deep`, new Uint8Array(), broken),
      request: { path: txnPath, body: frame(deepTransaction(depth)) },
    })),
    frames("text in its place", bytes('{"key":"b3Blbi9h"}'), broken),
    {
      what: "text that says it is JSON",
      request: {
        body: frame(bytes('{"key":"c2VjcmV0L2E="}')),
        headers: { "content-type": "application/grpc-web+json" },
      },
      told: { grpc: Code.PermissionDenied },
    },
    frames("a request that is too large", frame(new Uint8Array(3 * mebibyte)), Code.ResourceExhausted),
    {
      what: "a request that says it is too large",
      request: { headers: { "content-length": "4000000000" }, body: good },
      told: { grpc: Code.ResourceExhausted },
    },
    {
      what: "a request in pieces, without end",
      request: {
        headers: { "content-length": null, "transfer-encoding": "chunked" },
        body: chunked(frame(new Uint8Array(3 * mebibyte))),
      },
      told: { grpc: Code.ResourceExhausted },
    },
  ];
}

const mebibyte = 1024 * 1024;
const txnPath = pathOf(KV.method.txn);
// gzip of a megabyte of zeros would do; of nothing does as well: it is not to be looked into.
const gzipped = Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0);

function denied<I extends DescMessage>(
  what: string,
  method: DescMethod & { readonly input: I },
  ...requests: MessageInitShape<I>[]
): Hostile {
  const request = { path: pathOf(method), body: framed(method, ...requests) };
  return { what, request, told: { grpc: Code.PermissionDenied } };
}

function frames(what: string, body: Uint8Array, grpc: Code | readonly Code[]): Hostile {
  return { what, request: { body }, told: { grpc } };
}

/** A request for a range, with more bytes after it. */
function bytesOf(request: MessageInitShape<typeof RangeRequestSchema>, more: readonly number[] = []): Uint8Array {
  return Buffer.concat([toBinary(RangeRequestSchema, create(RangeRequestSchema, request)), Uint8Array.from(more)]);
}

/** A transaction in a transaction, and so on, from the inside out. */
function deepTransaction(depth: number): Uint8Array {
  const heads: number[][] = [];
  let length = 0;
  for (let i = 0; i < 2 * depth; i++) {
    const field = i % 2 === 0 ? 4 : 2; // requestTxn, in success
    const head = [(field << 3) | 2, ...variableLength(length)];
    length += head.length;
    heads.push(head);
  }
  return Uint8Array.from(heads.reverse().flat());
}

function variableLength(length: number): number[] {
  return length <= 0x7f ? [length] : [(length & 0x7f) | 0x80, ...variableLength(length >>> 7)];
}

/** As HTTP/1.1 sends what it does not know the length of; the end is left out. */
function chunked(body: Uint8Array): Uint8Array {
  const size = 64 * 1024;
  const count = Math.ceil(body.length / size);
  const parts = Array.from({ length: count }, (_, i) => body.subarray(i * size, (i + 1) * size));
  return Buffer.concat(parts.flatMap((part) => [bytes(`${part.length.toString(16)}\r\n`), part, bytes("\r\n")]));
}

function create1(value: { key: Uint8Array; rangeEnd?: Uint8Array }) {
  return { requestUnion: { case: "createRequest" as const, value } };
}

function range(key: Uint8Array) {
  return { request: { case: "requestRange" as const, value: { key } } };
}

function put(key: Uint8Array) {
  return { request: { case: "requestPut" as const, value: { key } } };
}

function remove(key: Uint8Array, rangeEnd: Uint8Array) {
  return { request: { case: "requestDeleteRange" as const, value: { key, rangeEnd } } };
}

type Operation = ReturnType<typeof range> | ReturnType<typeof put> | ReturnType<typeof remove>;

function nested(operation: Operation, depth: number): MessageInitShape<typeof KV.method.txn.input> {
  let request: MessageInitShape<typeof KV.method.txn.input> = { failure: [operation] };
  for (let i = 1; i < depth; i++) request = { success: [{ request: { case: "requestTxn", value: request } }] };
  return request;
}
