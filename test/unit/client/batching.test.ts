import { test } from "node:test";
import { Code, ConnectError, createRouterTransport, type Transport } from "@connectrpc/connect";
import { expect } from "chai";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import { batching, type Etcd, EtcdError, type EtcdErrorCode } from "../../../src/index.ts";
import { KV } from "../../../src/proto.ts";
import { rejection, thrown } from "../../contract/expectations.ts";
import { createFakePlatform, type FakePlatform, settle } from "../support/fake-platform.ts";

interface Scene {
  readonly etcd: Etcd;
  readonly platform: FakePlatform;
  /** What came: the number of reads in each transaction, 0 for a single read. */
  readonly requests: number[];
  /** How often the caller left before the answer. */
  left: number;
  /** What transactions are answered with. */
  refusal: ConnectError | "silence" | undefined;
}

/** A server that says what it was asked for; of a header within a transaction it fills in what etcd does. */
function scene(maxOps?: number): Scene {
  const platform = createFakePlatform();
  const header = { clusterId: 1n, memberId: 2n, revision: 3n, raftTerm: 4n };
  const transport = createRouterTransport(({ rpc }) => {
    rpc(KV.method.range, ({ key }) => {
      found.requests.push(0);
      return { header, kvs: [{ key }], count: 1n };
    });
    rpc(KV.method.txn, async ({ success }, { signal }) => {
      found.requests.push(success.length);
      signal.addEventListener("abort", () => found.left++);
      const { refusal } = found;
      if (refusal instanceof ConnectError) throw refusal;
      if (refusal === "silence") await new Promise((resolve) => signal.addEventListener("abort", resolve));
      const responses = success.map(({ request }) => {
        const key = request.case === "requestRange" ? request.value.key : new Uint8Array();
        const value = { header: { revision: 3n }, kvs: [{ key }], count: 1n };
        return { response: { case: "responseRange" as const, value } };
      });
      return { header, succeeded: true, responses };
    });
  });
  const plugins = [batching(maxOps === undefined ? {} : { maxOps })];
  const etcd = createEtcdOn(platform, { transport, plugins });
  const found: Scene = { etcd, platform, requests: [], left: 0, refusal: undefined };
  return found;
}

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `key-${i}`);

for (const [reads, maxOps, expected] of [
  [1, undefined, [0]],
  [2, undefined, [2]],
  [128, undefined, [128]],
  [129, undefined, [128, 0]],
  [200, undefined, [128, 72]],
  [5, 2, [2, 2, 0]],
  [3, 1, [0, 0, 0]],
] as const) {
  test(`${reads} reads at once, ${maxOps ?? 128} in a transaction at the most: ${expected.join(", ")}`, async () => {
    const { etcd, requests } = scene(maxOps);
    const found = await Promise.all(names(reads).map((name) => etcd.get(name)));
    expect(found.map((kv) => kv?.keyText())).to.deep.equal(names(reads));
    expect(requests).to.deep.equal(expected);
  });
}

test("reads that begin in continuations of the same tick go together; those of the next tick do not", async () => {
  const { etcd, requests } = scene();
  const later = async (name: string): Promise<unknown> => {
    await null;
    return etcd.get(name);
  };
  await Promise.all([later("a"), later("b"), later("c")]);
  await Promise.all([etcd.get("d"), new Promise(setImmediate).then(() => etcd.get("e"))]);
  expect(requests).to.deep.equal([3, 0, 0]);
});

test("what must not be mixed goes apart: serializable or not, other headers, another time-out", async () => {
  const { etcd, requests } = scene();
  const options = [{}, { serializable: true }, { headers: { a: "1" } }, { headers: { a: "2" } }, { timeoutMs: 5_000 }];
  await Promise.all([...options, ...options].map((each) => etcd.get("a", each)));
  await Promise.all([etcd.get("a"), etcd.get("a", { revision: 2n }), etcd.range({ prefix: "a" }), etcd.count("a")]);
  expect(requests).to.deep.equal([2, 2, 2, 2, 2, 4]);
});

test("an answer has the whole header, though one within a transaction has the revision alone", async () => {
  const { etcd } = scene();
  const [{ header, revision }] = await Promise.all([etcd.range("a"), etcd.range("b")]);
  expect({ ...header }).to.deep.equal({ clusterId: 1n, memberId: 2n, revision: 3n, raftTerm: 4n });
  expect(revision).to.equal(3n);
});

for (const [words, code] of [
  ["etcdserver: permission denied", Code.PermissionDenied],
  ["etcdserver: too many operations in txn request", Code.InvalidArgument],
  ["etcdserver: mvcc: required revision has been compacted", Code.OutOfRange],
  ["etcdserver: rpc not supported for learner", Code.FailedPrecondition],
  ["etcdserver: request is too large", Code.InvalidArgument],
  ["unknown method", Code.Unimplemented],
] as const) {
  test(`a transaction that is refused, "${words}", is made again as single reads`, async () => {
    const found = scene();
    found.refusal = new ConnectError(words, code);
    const kvs = await Promise.all(names(3).map((name) => found.etcd.get(name)));
    expect(kvs.map((kv) => kv?.keyText())).to.deep.equal(names(3));
    expect(found.requests).to.deep.equal([3, 0, 0, 0]);
  });
}

for (const [words, code, expected] of [
  ["etcdserver: no leader", Code.Unavailable, "no-leader"],
  ["etcdserver: request timed out", Code.Unavailable, "unavailable"],
  ["etcdserver: invalid auth token", Code.Unauthenticated, "unauthenticated"],
] as const satisfies readonly (readonly [string, Code, EtcdErrorCode])[]) {
  test(`what concerns all reads alike, "${words}", fails them all without asking for each`, async () => {
    const found = scene();
    found.refusal = new ConnectError(words, code);
    const reads = names(3).map((name) => found.etcd.get(name, { timeoutMs: 1 }));
    const failed = Promise.all(reads.map((read) => rejection(read, expected)));
    await found.platform.pass(1);
    for (const { message } of await failed) expect(message).to.match(/^KV\.Range: /);
    expect(found.requests.filter((count) => count === 0)).to.deep.equal([]);
  });
}

test("where a proxy lets single reads through and no transaction, they are made singly", async () => {
  const asked: string[] = [];
  const server = createRouterTransport(({ rpc }) => {
    rpc(KV.method.range, ({ key }) => ({ header: { revision: 3n }, kvs: [{ key }], count: 1n }));
  });
  const unary: Transport["unary"] = async (method, ...call) => {
    asked.push(method.name);
    if (method.name === "Txn") throw ConnectError.from(new EtcdError("not-grpc-web", "answered 404"));
    return await server.unary(method, ...call);
  };
  const etcd = createEtcdOn(createFakePlatform(), { transport: { ...server, unary }, plugins: [batching()] });
  for (let turn = 0; turn < 2; turn++) {
    const found = await Promise.all(names(2).map((name) => etcd.get(name)));
    expect(found.map((kv) => kv?.keyText())).to.deep.equal(names(2));
  }
  expect(asked.filter((name) => name === "Txn").length).to.equal(1);
});

test("what is no etcd fails all reads alike, without being asked for each", async () => {
  const asked: string[] = [];
  const unary: Transport["unary"] = (method) => {
    asked.push(method.name);
    return Promise.reject(ConnectError.from(new EtcdError("not-grpc-web", "answered 404")));
  };
  const transport: Transport = { ...createRouterTransport(() => {}), unary };
  const etcd = createEtcdOn(createFakePlatform(), { transport, plugins: [batching()], timeoutMs: 1 });
  await Promise.all(names(3).map((name) => rejection(etcd.get(name), "not-grpc-web")));
  expect(asked).to.deep.equal(["Txn", "Range"]);
});

test("the transaction is left when all who asked have left, and not before", async () => {
  const found = scene();
  found.refusal = "silence";
  const stops = names(2).map(() => new AbortController());
  const reads = stops.map(({ signal }, i) => rejection(found.etcd.get(`key-${i}`, { signal }), "aborted"));
  await settle();
  for (const [i, stop] of stops.entries()) {
    expect(found.left).to.equal(0);
    stop.abort();
    await reads[i];
    await settle();
  }
  expect([found.left, found.requests]).to.deep.equal([1, [2]]);
});

test("who made the read does not wait for the transaction when the client closes", async () => {
  const found = scene();
  found.refusal = "silence";
  const reads = names(2).map((name) => rejection(found.etcd.get(name), "closed"));
  await settle();
  await found.etcd.close();
  await Promise.all(reads);
});

test("batching() refuses a size that cannot be, createEtcd what is no plugin", () => {
  for (const maxOps of [0, -1, 1.5, Number.NaN]) thrown(() => batching({ maxOps }), "invalid-argument");
  const transport = createRouterTransport(() => {});
  thrown(() => createEtcdOn(createFakePlatform(), { transport, plugins: [{ name: "other" }] }), "invalid-argument");
});
