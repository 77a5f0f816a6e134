import { describe, test } from "node:test";
import { createClient } from "@connectrpc/connect";
import { expect } from "chai";
import { KV } from "../../../src/gen/etcdserverpb/kv_pb.ts";
import { Watch } from "../../../src/gen/etcdserverpb/watch_pb.ts";
import { createMemoryEtcd } from "../../../src/memory/index.ts";
import {
  bytes,
  cancelRequest,
  createRequest,
  fromKey,
  ManualClock,
  outcome,
  progressRequest,
  settled,
  startMemory,
  WatchCall,
  words,
} from "./fixture.ts";

const key = bytes("k");
const all = { key: fromKey, rangeEnd: fromKey };

describe("watch() progress", () => {
  test("on request speaks for all watches, once they are synced", async () => {
    const { kv, watch } = startMemory();
    const call = new WatchCall(watch).send(createRequest({ key, watchId: 1n }), createRequest(all));
    await call.take(2);
    await kv.put({ key: bytes("other") });
    call.send(progressRequest);
    expect(words(await call.next())).to.deep.equal(["put other 2"]);
    expect(outcome(await call.next())).to.deep.equal({
      watchId: -1n,
      created: false,
      canceled: false,
      cancelReason: "",
      compactRevision: 0n,
      revision: 2n,
    });
    call.abort();
  });

  const silent = [
    ["there is no watch", [], 0],
    ["a watch has yet to reach its start", [createRequest({ key, startRevision: 99n })], 1],
    ["a watch is still catching up", [createRequest({ key, startRevision: 2n })], 1],
  ] as const;
  for (const [name, creates, answers] of silent) {
    test(`on request is not answered where ${name}`, async () => {
      const { kv, watch } = startMemory();
      await kv.put({ key });
      const call = new WatchCall(watch).send(...creates, progressRequest);
      await settled();
      call.send(createRequest({ key: bytes("end"), watchId: 50n }));
      const received = await call.take(answers + 1);
      expect(received.map(({ watchId }) => watchId)).to.not.include(-1n);
      call.abort();
    });
  }

  test("on request is held up by a watch lost to compaction, until that is canceled", async () => {
    const { kv, watch } = startMemory();
    for (let revision = 2; revision <= 4; revision++) await kv.put({ key });
    await kv.compact({ revision: 4n });
    const call = new WatchCall(watch).send(
      createRequest({ key, watchId: 1n }),
      createRequest({ key, watchId: 2n, startRevision: 2n }),
    );
    await call.take(3);
    call.send(progressRequest, cancelRequest(2n), progressRequest);
    expect((await call.take(2)).map(({ watchId, canceled }) => [watchId, canceled])).to.deep.equal([
      [2n, true],
      [-1n, false],
    ]);
    call.abort();
  });

  test("by interval skips a watch that has had events, and those that did not ask", async () => {
    const { kv, watch, clock } = startMemory();
    const call = new WatchCall(watch)
      .send(createRequest({ key, watchId: 1n, progressNotify: true }), createRequest({ key, watchId: 2n }))
      .finish();
    await call.take(2);
    await settled();
    clock.advance(10_000);
    expect(outcome(await call.next())).to.include({ watchId: 1n, revision: 1n });
    await kv.put({ key });
    await call.take(2);
    clock.advance(10_000);
    await kv.put({ key: bytes("other") });
    clock.advance(10_000);
    const next = await call.next();
    expect([outcome(next).watchId, next.events.length, next.header?.revision]).to.deep.equal([1n, 0, 3n]);
    call.abort();
    expect(clock.timers).to.equal(0);
  });

  for (const progressIntervalMs of [Number.POSITIVE_INFINITY, 2 ** 31]) {
    test(`by interval never comes where that is ${progressIntervalMs} ms`, async () => {
      const clock = new ManualClock();
      const memory = createMemoryEtcd({ clock, progressIntervalMs });
      const call = new WatchCall(createClient(Watch, memory.transport));
      call.send(createRequest({ key, progressNotify: true })).finish();
      await call.next();
      await settled();
      expect(clock.timers).to.equal(0);
      await createClient(KV, memory.transport).put({ key });
      expect(words(await call.next())).to.deep.equal(["put k 2"]);
      call.abort();
    });
  }

  test("by interval comes also where that is as long as a timer can be", async () => {
    const clock = new ManualClock();
    const memory = createMemoryEtcd({ clock, progressIntervalMs: 2 ** 31 - 1 });
    const call = new WatchCall(createClient(Watch, memory.transport));
    call.send(createRequest({ key, watchId: 1n, progressNotify: true })).finish();
    await call.next();
    await settled();
    clock.advance(2 ** 31 - 1);
    expect(outcome(await call.next())).to.include({ watchId: 1n, revision: 1n });
    call.abort();
  });

  for (const progressIntervalMs of [0, -1, Number.NaN]) {
    test(`by interval is refused where that is ${progressIntervalMs} ms`, () => {
      expect(() => createMemoryEtcd({ progressIntervalMs })).to.throw(
        TypeError,
        `progressIntervalMs must be above 0, not ${progressIntervalMs}`,
      );
    });
  }

  test("by interval keeps quiet about a start still to come", async () => {
    const { kv, watch, clock } = startMemory();
    const call = new WatchCall(watch).send(createRequest({ key, startRevision: 3n, progressNotify: true })).finish();
    await call.next();
    await settled();
    clock.advance(10_000);
    await kv.put({ key: bytes("other") });
    await kv.put({ key: bytes("other") });
    clock.advance(10_000);
    expect((await call.next()).header?.revision).to.equal(3n);
    call.abort();
  });
});

describe("watch() with a slow reader", () => {
  test("queues a bounded number of answers, and loses nothing", async () => {
    const { kv, watch } = startMemory();
    const call = new WatchCall(watch).send(createRequest(all)).finish();
    await call.next();
    for (let number = 0; number < 1000; number++) await kv.put({ key });
    const received = [];
    while (received.length < 1000) received.push(...words(await call.next()));
    expect(received).to.deep.equal(Array.from({ length: 1000 }, (_, index) => `put k ${index + 2}`));
    await kv.put({ key });
    expect(words(await call.next())).to.deep.equal(["put k 1002"]);
    call.abort();
  });

  test("is told when compaction has passed it", async () => {
    const { kv, watch } = startMemory();
    const call = new WatchCall(watch).send(createRequest({ key })).finish();
    await call.next();
    for (let number = 0; number < 1000; number++) await kv.put({ key });
    await kv.compact({ revision: 1000n });
    const received = [];
    for (let next = await call.next(); ; next = await call.next()) {
      received.push(...words(next));
      if (!next.canceled) continue;
      expect(next.compactRevision).to.equal(1000n);
      break;
    }
    expect(received.length).to.be.within(1, 200);
    call.abort();
  });
});
