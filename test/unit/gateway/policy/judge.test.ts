import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { create, type DescMessage, type DescMethod, fromBinary, type MessageInitShape } from "@bufbuild/protobuf";
import { createJudge } from "../../../../src/gateway/policy/judge.ts";
import { type GatewayPolicy, toPolicySettings } from "../../../../src/gateway/policy/options.ts";
import { methodName, rules } from "../../../../src/gateway/policy/rules.ts";
import { services } from "../../../../src/gateway/services.ts";
import { RangeRequestSchema, TxnRequestSchema } from "../../../../src/gen/etcdserverpb/kv_pb.ts";
import { Auth, Cluster, Election, Health, KV, Lease, Lock, Maintenance, Watch } from "../../../../src/proto.ts";

const key = (text: string): Uint8Array => Buffer.from(text);
const [a, b, end] = [key("a/1"), key("b"), key("a0")];

const reader = judgeOf({ prefixes: ["a/"] });
const writer = judgeOf({ prefixes: ["a/"], readOnly: false });
const own = writer.leaseIds?.create() ?? 0n;

/** Requests that a policy of one prefix judges; `reads` pass where it is read-only. */
const requests: readonly Row[] = [
  row("reads", KV.method.range, { key: a }),
  row("reads", KV.method.range, { key: key("a/"), rangeEnd: end, limit: 1n, revision: 3n }),
  row("never", KV.method.range, { key: b }),
  row("never", KV.method.range, {}),
  row("never", KV.method.range, { key: key("a/"), rangeEnd: Uint8Array.of(0) }),
  row("never", KV.method.range, { key: Uint8Array.of(0), rangeEnd: Uint8Array.of(0) }),
  row("reads", KV.method.rangeStream, { key: key("a/"), rangeEnd: end }),
  row("never", KV.method.rangeStream, { key: key("a"), rangeEnd: end }),

  row("writes", KV.method.put, { key: a, value: b }),
  row("writes", KV.method.put, { key: a, lease: own }),
  row("never", KV.method.put, { key: a, lease: 7n }),
  row("never", KV.method.put, { key: b }),
  row("writes", KV.method.deleteRange, { key: key("a/"), rangeEnd: end, prevKv: true }),
  row("never", KV.method.deleteRange, { key: key("a/"), rangeEnd: key("a1") }),
  row("never", KV.method.compact, { revision: 1n }),

  row("reads", KV.method.txn, {}),
  row("reads", KV.method.txn, { compare: [{ key: a }], success: [range(a)], failure: [range(a)] }),
  row("writes", KV.method.txn, { success: [put(a)], failure: [remove(a, end)] }),
  row("writes", KV.method.txn, { success: [txn({ failure: [txn({ success: [put(a)] })] })] }),
  row("reads", KV.method.txn, { success: [txn({ failure: [txn({ success: [range(a)] })] })] }),
  row("reads", KV.method.txn, { success: [{}] }),
  row("never", KV.method.txn, { compare: [{ key: b }] }),
  row("never", KV.method.txn, { compare: [{ key: a, rangeEnd: Uint8Array.of(0) }] }),
  row("never", KV.method.txn, { success: [range(b)] }),
  row("never", KV.method.txn, { failure: [range(a, key("a1"))] }),
  row("never", KV.method.txn, { failure: [put(b)] }),
  row("never", KV.method.txn, { success: [remove(a, Uint8Array.of(0))] }),
  row("never", KV.method.txn, { success: [put(a), { request: { case: "requestPut", value: { key: a, lease: 7n } } }] }),
  row("never", KV.method.txn, { success: [put(a), txn({ failure: [txn({ failure: [range(b)] })] })] }),
  row("never", KV.method.txn, { success: [txn({ compare: [{ key: b }] })] }),

  row("reads", Watch.method.watch, watch(key("a/"), end)),
  row("reads", Watch.method.watch, { requestUnion: { case: "cancelRequest", value: { watchId: 1n } } }),
  row("reads", Watch.method.watch, { requestUnion: { case: "progressRequest", value: {} } }),
  row("never", Watch.method.watch, watch(key("a"), end)),
  row("never", Watch.method.watch, watch(new Uint8Array(), new Uint8Array())),
  row("never", Watch.method.watch, watch(new Uint8Array(), end)),
  row("never", Watch.method.watch, watch(key("a/"), Uint8Array.of(0))),

  row("writes", Lease.method.leaseGrant, { TTL: 5n, ID: own }),
  row("never", Lease.method.leaseGrant, { TTL: 5n, ID: 7n }),
  row("writes", Lease.method.leaseRevoke, { ID: own }),
  row("never", Lease.method.leaseRevoke, { ID: 7n }),
  row("never", Lease.method.leaseRevoke, { ID: own ^ 1n }),
  row("never", Lease.method.leaseRevoke, { ID: -own }),
  row("writes", Lease.method.leaseKeepAlive, { ID: own }),
  row("never", Lease.method.leaseKeepAlive, { ID: 7n }),
  row("reads", Lease.method.leaseTimeToLive, { ID: own, keys: true }),
  row("never", Lease.method.leaseTimeToLive, { ID: 7n, keys: true }),
  row("never", Lease.method.leaseTimeToLive, { ID: 7n }),
  row("never", Lease.method.leaseLeases, {}),

  row("writes", Lock.method.lock, { name: a, lease: own }),
  row("writes", Lock.method.lock, { name: key("a"), lease: own }), // its keys are below "a/"
  row("never", Lock.method.lock, { name: a, lease: 7n }),
  row("never", Lock.method.lock, { name: b, lease: own }),
  row("never", Lock.method.lock, {}),
  row("writes", Lock.method.unlock, { key: a }),
  row("never", Lock.method.unlock, { key: b }),
  row("never", Lock.method.unlock, {}),
  row("writes", Election.method.campaign, { name: a, lease: own, value: b }),
  row("never", Election.method.campaign, { name: b, lease: own }),
  row("never", Election.method.campaign, { name: a, lease: 7n }),
  row("writes", Election.method.proclaim, { leader: { name: a, key: key("a/1/2"), lease: own, rev: 1n } }),
  row("never", Election.method.proclaim, { leader: { name: a, key: b, lease: own } }),
  row("never", Election.method.proclaim, { leader: { name: a, key: key("a/1/2"), lease: 7n } }),
  row("never", Election.method.proclaim, {}),
  row("writes", Election.method.resign, { leader: { name: a, key: key("a/1/2"), lease: own } }),
  row("never", Election.method.resign, { leader: { name: a, key: b } }),
  row("reads", Election.method.leader, { name: a }),
  row("never", Election.method.leader, { name: b }),
  row("reads", Election.method.observe, { name: a }),
  row("never", Election.method.observe, {}),

  row("reads", Health.method.check, {}),
  row("reads", Auth.method.authenticate, { name: "u", password: "p" }),
  row("never", Maintenance.method.status, {}),
  row("never", Maintenance.method.snapshot, {}),
  row("never", Cluster.method.memberList, {}),
  row("never", Auth.method.userAdd, { name: "u" }),
];

describe("a policy of one prefix", () => {
  for (const [index, { passes, method, request }] of requests.entries()) {
    it(`${passes === "never" ? "refuses" : `lets ${passes} pass:`} ${methodName(method)}, row ${index}`, () => {
      const message = create(method.input, request);
      for (const [judge, may] of [
        [reader, passes === "reads"],
        [writer, passes !== "never"],
      ] as const) {
        const reason = judge.refuse(method, message);
        assert.equal(reason === undefined, may, reason);
      }
    });
  }

  it("says what would have to be allowed", () => {
    const reason = (judge: typeof reader, method: DescMethod, request: MessageInitShape<DescMessage>): string =>
      judge.refuse(method, create(method.input, request)) ?? "";
    assert.match(reason(reader, KV.method.range, { key: b }), /^KV\/Range asks for key "b", .*policy\.prefixes/);
    assert.match(
      reason(reader, KV.method.range, { key: b, rangeEnd: key("c") }),
      /keys from "b" to "c", .*policy\.prefixes/,
    );
    assert.match(reason(reader, KV.method.put, { key: a }), /^KV\/Put would be a change.*policy\.readOnly: false/);
    assert.match(reason(writer, Maintenance.method.status, {}), /^Maintenance\/Status .*policy\.methods/);
    assert.match(reason(writer, KV.method.compact, {}), /policy\.methods .*prefixes: \[""\]/);
    assert.match(reason(writer, Lease.method.leaseRevoke, { ID: 7n }), /lease 7, .*ID 0/);
    assert.match(reason(judgeOf({}), KV.method.range, { key: a }), /allows no key: .*prefixes/);
    const long = reason(reader, KV.method.range, { key: new Uint8Array(100_000).fill(0x62) });
    assert.ok(long.length < 300, "a refusal stays short");
  });
});

describe("what the gateway does not know", () => {
  // Field 99, as a number: of the message itself, and of one deep inside it.
  const field = Uint8Array.of(0x98, 0x06, 1);
  const compareInside = Uint8Array.of(0x0a, field.length, ...field);
  const inTxn = Uint8Array.of(0x12, compareInside.length + 2, 0x22, compareInside.length, ...compareInside);
  for (const [what, method, schema, bytes] of [
    ["at the top", KV.method.range, RangeRequestSchema, Uint8Array.of(0x0a, 3, ...a, ...field)],
    ["in a comparison", KV.method.txn, TxnRequestSchema, compareInside],
    ["in a nested transaction", KV.method.txn, TxnRequestSchema, inTxn],
  ] as const) {
    it(`cannot be judged, and is refused: ${what}`, () => {
      const reason = writer.refuse(method, fromBinary(schema as DescMessage, bytes));
      assert.match(reason ?? "", /field 99 of (RangeRequest|Compare)/);
    });
  }
});

describe("the table of methods", () => {
  it("has one row for each that etcd serves", () => {
    const served = services.flatMap(({ methods }) => methods.map(methodName));
    assert.deepEqual(rules.map(({ method }) => methodName(method)).sort(), served.sort());
  });
});

describe("the options of a policy", () => {
  it("allow nothing unless told", () => {
    const closed = judgeOf({});
    for (const { method } of rules) {
      const free = method.parent === Health || method === Auth.method.authenticate;
      assert.equal(closed.refuseMethod(method) === undefined, free, methodName(method));
    }
  });

  it("name methods, or services, and then no others", () => {
    const judge = judgeOf({ prefixes: [""], readOnly: false, methods: ["KV/Range", "Maintenance"] });
    const allowed = rules.filter(({ method }) => judge.refuseMethod(method) === undefined);
    assert.deepEqual([...new Set(allowed.map(({ method }) => method.parent.name))], ["KV", "Maintenance"]);
    assert.equal(allowed.filter(({ method }) => method.parent === KV).length, 1);
  });

  it("let nothing pass that is an escape: where it reaches further than the prefixes, or is a change", () => {
    for (const { method, reach, writes } of rules.filter((rule) => rule.reach === "cluster")) {
      const methods = [methodName(method)];
      assert.throws(() => judgeOf({ prefixes: ["a/"], readOnly: false, methods }), /reaches further/, reach);
      if (writes) assert.throws(() => judgeOf({ prefixes: [""], methods }), /is a change/);
      const judge = judgeOf({ prefixes: [""], readOnly: false, methods });
      assert.equal(judge.refuse(method, create(method.input)), undefined);
    }
  });

  it("take no word that is no method", () => {
    assert.throws(() => judgeOf({ methods: ["KV/Rnge"] }), /"KV\/Rnge"/);
    assert.throws(() => judgeOf({ methods: ["*"] }), /"\*"/);
    assert.throws(() => judgeOf({ prefixes: ["\ud800"] }), /well-formed/);
  });

  it("leave leases alone where every key may be had", () => {
    const judge = judgeOf({ prefixes: [""], readOnly: false });
    assert.equal(judge.leaseIds, undefined);
    assert.equal(judge.refuse(Lease.method.leaseRevoke, create(Lease.method.leaseRevoke.input, { ID: 7n })), undefined);
  });
});

interface Row {
  readonly passes: "reads" | "writes" | "never";
  readonly method: DescMethod;
  readonly request: MessageInitShape<DescMessage>;
}

function row<I extends DescMessage>(
  passes: Row["passes"],
  method: DescMethod & { readonly input: I },
  request: MessageInitShape<I>,
): Row {
  return { passes, method, request: request as Row["request"] };
}

function judgeOf(policy: GatewayPolicy): ReturnType<typeof createJudge> {
  return createJudge(toPolicySettings(policy));
}

function range(from: Uint8Array, rangeEnd: Uint8Array = new Uint8Array()) {
  return { request: { case: "requestRange" as const, value: { key: from, rangeEnd } } };
}

function put(at: Uint8Array) {
  return { request: { case: "requestPut" as const, value: { key: at } } };
}

function remove(from: Uint8Array, rangeEnd: Uint8Array) {
  return { request: { case: "requestDeleteRange" as const, value: { key: from, rangeEnd } } };
}

function txn(value: MessageInitShape<typeof TxnRequestSchema>) {
  return { request: { case: "requestTxn" as const, value } };
}

function watch(from: Uint8Array, rangeEnd: Uint8Array) {
  return { requestUnion: { case: "createRequest" as const, value: { key: from, rangeEnd } } };
}
