import { test } from "node:test";
import { expect } from "chai";
import { EtcdError } from "../../../src/index.ts";
import { createQueue, stm } from "../../../src/recipes/index.ts";
import { rejection } from "../../contract/expectations.ts";
import { settle } from "../support/fake-platform.ts";
import { scene } from "./scene.ts";

for (const priority of [undefined, 4]) {
  const which = priority === undefined ? "" : " with a priority";

  test(`enqueue()${which} whose answer is lost finds that it has run, and queues once`, async () => {
    const { etcd, other, transport } = scene();
    const queue = createQueue(etcd, "q");
    transport.lose("Txn", "answer");
    await queue.enqueue("a", { priority });
    expect(await other.count({ prefix: "q/" })).to.equal(1);
    expect((await queue.dequeue()).text()).to.equal("a");
  });

  test(`enqueue()${which} whose request is lost says that it may have run, and does not repeat it`, async () => {
    const { etcd, other, transport } = scene();
    transport.lose("Txn", "request");
    const error = await rejection(createQueue(etcd, "q").enqueue("a", { priority }), "unavailable");
    expect(error.mayHaveRun).to.equal(true);
    expect(await other.count({ prefix: "q/" })).to.equal(0);
  });
}

test("dequeue() whose claim never arrived claims again", async () => {
  const { etcd, other, transport } = scene();
  await createQueue(other, "q").enqueue("a");
  transport.lose("Txn", "nothing", "request");
  expect((await createQueue(etcd, "q").dequeue()).text()).to.equal("a");
});

test("dequeue() whose claim may have run, the value being gone, says so", async () => {
  const { etcd, other, transport } = scene();
  await createQueue(other, "q").enqueue("a");
  transport.lose("Txn", "nothing", "answer");
  expect((await rejection(createQueue(etcd, "q").dequeue(), "unavailable")).mayHaveRun).to.equal(true);
});

test("dequeue() whose claim runs only after it was told lost says so", async () => {
  const { etcd, other, platform, transport } = scene();
  await createQueue(other, "q").enqueue("a");
  transport.lose("Txn", "nothing", "answer first");
  const taking = rejection(createQueue(etcd, "q").dequeue({ timeoutMs: 5_000 }), "unavailable");
  await platform.pass(5_000);
  const error = await taking;
  expect([error.mayHaveRun, await other.count({ prefix: "q/" })]).to.deep.equal([true, 0]);
});

test("dequeue() takes no other value while its claim of one may still run", async () => {
  const { etcd, other, platform, transport } = scene();
  await createQueue(other, "q").enqueue("a");
  transport.lose("Txn", "nothing", "request", "request");
  const taking = createQueue(etcd, "q").dequeue();
  await settle();
  await createQueue(other, "q").enqueue("b", { priority: 0 });
  await platform.pass(1_000);
  expect((await taking).text()).to.equal("a");
});

for (const code of ["timeout", "aborted", "lease-lost"] as const) {
  test(`dequeue() that ends as ${code} while its claim may still run says so`, async () => {
    const { etcd, other, platform, transport } = scene();
    await createQueue(other, "q").enqueue("a");
    transport.lose("Txn", "nothing", ...Array.from({ length: 100 }, () => "request" as const));
    const abort = new AbortController();
    const timeoutMs = code === "timeout" ? 1_000 : undefined;
    const ending = rejection(createQueue(etcd, "q").dequeue({ signal: abort.signal, timeoutMs }), code);
    await settle();
    if (code === "aborted") abort.abort();
    if (code === "lease-lost") abort.abort(new EtcdError("lease-lost", "The session is over"));
    await platform.pass(30_000);
    expect((await ending).mayHaveRun).to.equal(true);
  });
}

test("dequeue() aborted while it claims gives the value all the same", async () => {
  const { etcd, other, transport } = scene();
  await createQueue(other, "q").enqueue("a");
  const abort = new AbortController();
  let txns = 0;
  transport.onCall = (method) => {
    if (method === "Txn" && ++txns === 2) abort.abort();
  };
  expect((await createQueue(etcd, "q").dequeue({ signal: abort.signal })).text()).to.equal("a");
  expect(txns).to.equal(2);
});

test("stm() whose commit is lost says that it may have run", async () => {
  const { etcd, other, transport } = scene();
  const given = stm(etcd, async (tx) => {
    tx.put("a", "1");
    transport.lose("Txn", "answer");
  });
  expect((await rejection(given, "unavailable")).mayHaveRun).to.equal(true);
  expect((await other.get("a"))?.text()).to.equal("1");
});
