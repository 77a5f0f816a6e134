import { test } from "node:test";
import { create, fromBinary, toBinary } from "@bufbuild/protobuf";
import { expect } from "chai";
import { noPrefix, Prefix } from "../../../src/base/prefix.ts";
import { type TxnRequest, TxnRequestSchema } from "../../../src/gen/etcdserverpb/kv_pb.ts";
import { compare, op } from "../../../src/index.ts";
import { isReadOnly, type Op, Transaction, type TxnInit, toOperation } from "../../../src/kv/txn.ts";

/** A transaction as the server decodes it. */
function sent(txn: ConstructorParameters<typeof Transaction>[0], prefix = noPrefix): TxnRequest {
  const init: TxnInit = new Transaction(txn).encode(prefix);
  return fromBinary(TxnRequestSchema, toBinary(TxnRequestSchema, create(TxnRequestSchema, init)));
}

// etcd decides a transaction without operations on the data of the member that is asked: etcd.md 0.10.
test("a guard without operations carries a linearizable read, of a key that its user may read", () => {
  const { success, failure } = sent({ compare: [compare.exists("app/a"), compare.missing("b")] });
  expect(failure).to.deep.equal([]);
  expect(success).to.have.length(1);
  const read = success[0]?.request;
  if (read?.case !== "requestRange") throw new Error(`${read?.case} is no read`);
  expect([new TextDecoder().decode(read.value.key), read.value.serializable, read.value.countOnly]).to.deep.equal([
    "app/a",
    false,
    true,
  ]);
});

test("a guard with operations is sent as it is", () => {
  const { success, failure } = sent({ compare: [compare.exists("a")], failure: [op.get("a")] });
  expect([success.length, failure.length]).to.deep.equal([0, 1]);
});

// An operation without a request ends a grpc-proxy: etcd.md 0.11.
test("every operation is encoded with its request", () => {
  const operations: readonly Op[] = [
    op.get("a"),
    op.range({ all: true }),
    op.count("a"),
    op.put("a", ""),
    op.delete("a"),
    op.txn({}),
  ];
  const { success } = sent({ success: operations });
  expect(success.map(({ request }) => request.case)).to.deep.equal([
    "requestRange",
    "requestRange",
    "requestRange",
    "requestPut",
    "requestDeleteRange",
    "requestTxn",
  ]);
});

test("a transaction is read-only where no operation of it writes, however deep", () => {
  const rows: readonly (readonly [ConstructorParameters<typeof Transaction>[0], boolean])[] = [
    [{}, true],
    [{ success: [op.get("a")], failure: [op.range({ all: true })] }, true],
    [{ success: [op.txn({ failure: [op.get("a")] })] }, true],
    [{ failure: [op.put("a", "")] }, false],
    [{ success: [op.txn({ success: [op.txn({ failure: [op.delete("a")] })] })] }, false],
  ];
  for (const [txn, expected] of rows) expect(isReadOnly(new Transaction(txn).encode(noPrefix))).to.equal(expected);
});

test("what cannot be is refused when the operation is made, in the words of who makes it", () => {
  const prefix = new Prefix(new TextEncoder().encode("secret/"));
  for (const make of [
    () => op.get(""),
    () => op.put("a", 1 as never),
    () => op.put("a", "v", { ignoreValue: true }),
    () => op.range({ from: "b", to: "a" }),
    () => op.delete({ prefix: "" }),
    () => compare.value("a").equals(undefined as never),
    () => compare.version("a").equals(-1),
    () => compare.exists({ prefix: "a" } as never),
    () => op.txn({ success: "no" as never }),
    () => op.txn({ success: [{ kind: "put" }] }),
    () => sent({ compare: [{ target: "mod" }] }, prefix),
  ]) {
    expect(make).to.throw().with.property("code", "invalid-argument");
  }
});

test("an answer that does not fit its operation is internal, and says so", () => {
  const operation = toOperation(op.get("a"));
  const header = { clusterId: 1n, memberId: 1n, revision: 1n, raftTerm: 1n };
  expect(() => operation.decode({ case: undefined }, header, noPrefix)).to.throw("has nothing where responseRange");
});
