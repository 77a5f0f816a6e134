import { test } from "node:test";
import { expect } from "chai";
import { createQueue, stm } from "../../../src/recipes/index.ts";
import { rejection } from "../../contract/expectations.ts";
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
