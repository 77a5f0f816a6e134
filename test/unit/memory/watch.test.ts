import { describe, test } from "node:test";
import { expect } from "chai";
import { WatchCreateRequest_FilterType as Filter } from "../../../src/gen/etcdserverpb/watch_pb.ts";
import {
  bytes,
  cancelRequest,
  createRequest,
  fromKey,
  outcome,
  settled,
  startMemory,
  text,
  WatchCall,
  words,
} from "./fixture.ts";

const key = bytes("k");
const all = { key: fromKey, rangeEnd: fromKey };

describe("watch() goes on after the client has finished", () => {
  test("with events until it is aborted, and then leaves nothing", async () => {
    const { kv, watch, server } = startMemory();
    const call = new WatchCall(watch).send(createRequest({ key })).finish();
    expect(outcome(await call.next())).to.deep.equal({
      watchId: 0n,
      created: true,
      canceled: false,
      cancelReason: "",
      compactRevision: 0n,
      revision: 1n,
    });
    await settled();
    await kv.put({ key });
    expect(words(await call.next())).to.deep.equal(["put k 2"]);
    await kv.deleteRange({ key });
    const gone = await call.next();
    expect(words(gone)).to.deep.equal(["delete k 3"]);
    expect(gone.header?.revision).to.equal(3n);
    expect(gone.events[0]?.kv).to.include({ version: 0n, createRevision: 0n });
    expect(server.core.watchers).to.equal(1);
    call.abort();
    expect([server.core.watchers, server.core.connections.size]).to.deep.equal([0, 0]);
  });

  test("also when it is aborted while nothing arrives", async () => {
    const { watch, server } = startMemory();
    const call = new WatchCall(watch).send(createRequest({ key })).finish();
    await call.next();
    const waiting = call.next();
    call.abort();
    expect(server.core.watchers).to.equal(0);
    await waiting.then(
      () => expect.fail("an aborted watch went on"),
      () => undefined,
    );
  });

  test("with any number of watches in one body", async () => {
    const { kv, watch } = startMemory();
    const ids = Array.from({ length: 5000 }, (_, index) => BigInt(index + 1));
    const call = new WatchCall(watch)
      .send(...ids.map((watchId) => createRequest({ key: bytes(`k${watchId}`), watchId })))
      .finish();
    expect((await call.take(5000)).map(({ watchId }) => watchId)).to.deep.equal(ids);
    await kv.put({ key: bytes("k4711") });
    expect((await call.next()).watchId).to.equal(4711n);
    call.abort();
  });
});

describe("watch() ids", () => {
  test("count from 0 where none is given, past those in use", async () => {
    const { watch } = startMemory();
    const call = new WatchCall(watch)
      .send(...[0n, 1n, 0n, 7n, 0n].map((watchId) => createRequest({ key, watchId })))
      .finish();
    expect((await call.take(5)).map(({ watchId }) => watchId)).to.deep.equal([0n, 1n, 2n, 7n, 3n]);
    call.abort();
  });

  test("are not given again after a cancel, unless asked for", async () => {
    const { watch } = startMemory();
    const call = new WatchCall(watch).send(createRequest({ key }), cancelRequest(0n), createRequest({ key })).finish();
    expect((await call.take(3)).map(({ watchId }) => watchId)).to.deep.equal([0n, 0n, 1n]);
    call.abort();
  });

  const refused = (cancelReason: string) => ({
    watchId: -1n,
    created: true,
    canceled: true,
    cancelReason,
    compactRevision: 0n,
    revision: 1n,
  });
  const rows = [
    ["an id in use", { key, watchId: 5n }, "mvcc: duplicate watch ID provided on the WatchStream"],
    ["an end before the key", { key: bytes("b"), rangeEnd: bytes("a") }, "mvcc: watcher range is empty"],
    ["an end equal to the key", { key: bytes("b"), rangeEnd: bytes("b") }, "mvcc: watcher range is empty"],
    ["a negative start", { key, startRevision: -1n }, "etcdserver: mvcc: required revision has been compacted"],
  ] as const;
  for (const [name, request, reason] of rows) {
    test(`are not given for ${name}, and the stream goes on`, async () => {
      const { watch } = startMemory();
      const call = new WatchCall(watch).send(
        createRequest({ key, watchId: 5n }),
        createRequest(request),
        createRequest({ key }),
      );
      const [, refusal, next] = await call.take(3);
      expect(refusal && outcome(refusal)).to.deep.equal(refused(reason));
      expect(next?.watchId).to.equal(0n);
      call.abort();
    });
  }

  test("an empty key watches from the first key on", async () => {
    const { kv, watch } = startMemory();
    const call = new WatchCall(watch).send(createRequest({ rangeEnd: fromKey }));
    await call.next();
    await kv.put({ key: Uint8Array.of(0) });
    expect((await call.next()).events).to.have.length(1);
    call.abort();
  });
});

describe("watch() cancel", () => {
  test("ends one watch with an answer, an unknown one without", async () => {
    const { kv, watch, server } = startMemory();
    const call = new WatchCall(watch).send(createRequest({ key, watchId: 1n }), createRequest({ key, watchId: 2n }));
    await call.take(2);
    call.send(cancelRequest(9n), cancelRequest(1n));
    expect(outcome(await call.next())).to.deep.equal({
      watchId: 1n,
      created: false,
      canceled: true,
      cancelReason: "",
      compactRevision: 0n,
      revision: 1n,
    });
    await kv.put({ key });
    expect((await call.next()).watchId).to.equal(2n);
    expect(server.core.watchers).to.equal(1);
    call.send(createRequest({ key, watchId: 1n }));
    expect(await call.next()).to.include({ watchId: 1n, created: true, canceled: false });
    call.abort();
  });
});

describe("watch() start revision", () => {
  test("in the past replays what is in the range, then goes on live", async () => {
    const { kv, watch } = startMemory();
    for (const name of ["k", "other", "k", "k2"]) await kv.put({ key: bytes(name) });
    const call = new WatchCall(watch).send(createRequest({ key, rangeEnd: bytes("l"), startRevision: 3n })).finish();
    expect((await call.next()).created).to.equal(true);
    const replay = await call.next();
    expect(words(replay)).to.deep.equal(["put k 4", "put k2 5"]);
    expect(replay.header?.revision).to.equal(5n);
    await kv.put({ key });
    expect(words(await call.next())).to.deep.equal(["put k 6"]);
    call.abort();
  });

  test("in the future is silent until reached", async () => {
    const { kv, watch } = startMemory();
    const call = new WatchCall(watch).send(createRequest({ key, startRevision: 4n })).finish();
    expect(outcome(await call.next())).to.include({ created: true, revision: 1n });
    for (let revision = 2; revision <= 4; revision++) await kv.put({ key });
    expect(words(await call.next())).to.deep.equal(["put k 4"]);
    call.abort();
  });

  test("before the compaction is created first, then canceled with the compact revision and no revision", async () => {
    const { kv, watch } = startMemory();
    for (let revision = 2; revision <= 5; revision++) await kv.put({ key });
    await kv.compact({ revision: 4n });
    const call = new WatchCall(watch)
      .send(createRequest({ key, startRevision: 3n }), createRequest({ key, startRevision: 4n }))
      .finish();
    const [, , lost, kept] = await call.take(4);
    expect(lost && outcome(lost)).to.deep.equal({
      watchId: 0n,
      created: false,
      canceled: true,
      cancelReason: "",
      compactRevision: 4n,
      revision: 0n,
    });
    expect(kept && words(kept)).to.deep.equal(["put k 4", "put k 5"]);
    call.abort();
  });

  test("far back comes in batches of at most 1000 whole revisions, each with the store's revision", async () => {
    const { kv, watch, server } = startMemory();
    for (let number = 0; number < 2500; number++) {
      server.core.store.write((writer) => {
        writer.put(key, bytes(""), 0n);
        writer.put(bytes("k2"), bytes(""), 0n);
        writer.put(bytes("other"), bytes(""), 0n);
      });
    }
    const call = new WatchCall(watch).send(createRequest({ key, rangeEnd: bytes("l"), startRevision: 1n })).finish();
    await call.next();
    const batches = await call.take(3);
    expect(batches.map(({ events }) => events.length)).to.deep.equal([2000, 2000, 1000]);
    expect(batches.map(({ header }) => header?.revision)).to.deep.equal([2501n, 2501n, 2501n]);
    const revisions = batches.flatMap(({ events }) => events.map(({ kv }) => Number(kv?.modRevision)));
    expect(revisions).to.deep.equal(Array.from({ length: 5000 }, (_, index) => 2 + Math.floor(index / 2)));
    await kv.put({ key });
    expect(words(await call.next())).to.deep.equal(["put k 2502"]);
    call.abort();
  });
});

describe("watch() events", () => {
  test("of one revision come together, in the order they were made", async () => {
    const { kv, watch } = startMemory();
    const call = new WatchCall(watch).send(createRequest(all)).finish();
    await call.next();
    const put = (name: string) => ({ request: { case: "requestPut", value: { key: bytes(name) } } }) as const;
    await kv.txn({ success: [put("z"), put("a"), put("m")] });
    expect(words(await call.next())).to.deep.equal(["put z 2", "put a 2", "put m 2"]);
    call.abort();
  });

  test("leave out what is filtered, and are not sent where nothing is left", async () => {
    const { kv, watch } = startMemory();
    const call = new WatchCall(watch).send(
      createRequest({ key, watchId: 1n, filters: [Filter.NOPUT] }),
      createRequest({ key, watchId: 2n, filters: [Filter.NODELETE] }),
      createRequest({ key, watchId: 3n, filters: [Filter.NOPUT, Filter.NODELETE] }),
    );
    await call.take(3);
    await kv.put({ key });
    await kv.deleteRange({ key });
    const [put, gone] = await call.take(2);
    expect([put?.watchId, put && words(put)]).to.deep.equal([2n, ["put k 2"]]);
    expect([gone?.watchId, gone && words(gone)]).to.deep.equal([1n, ["delete k 3"]]);
    call.abort();
  });

  test("carry what was there before, where asked for and not compacted", async () => {
    const { kv, watch } = startMemory();
    const put = (value: string) => kv.put({ key, value: bytes(value) });
    await put("2");
    await put("3");
    await kv.deleteRange({ key });
    await put("5");
    const before = async (): Promise<string[]> => {
      const call = new WatchCall(watch).send(createRequest({ key, startRevision: 3n, prevKv: true })).finish();
      await call.next();
      const { events } = await call.next();
      call.abort();
      return events.map(({ prevKv }) => (prevKv ? text(prevKv.value) : "none"));
    };
    expect(await before()).to.deep.equal(["2", "3", "none"]);
    await kv.compact({ revision: 3n });
    expect(await before()).to.deep.equal(["none", "3", "none"]);
  });

  test("come to two watches of the same key independently", async () => {
    const { kv, watch } = startMemory();
    const call = new WatchCall(watch).send(createRequest({ key }), createRequest(all)).finish();
    await call.take(2);
    await kv.put({ key });
    expect((await call.take(2)).map(({ watchId }) => watchId)).to.deep.equal([0n, 1n]);
    call.abort();
  });
});

describe("watch() fragments", () => {
  test("split what is too large for one message, all but the last part marked", async () => {
    const { watch, server } = startMemory();
    const value = new Uint8Array(900_000);
    server.core.store.write((writer) => {
      for (const name of ["a", "b", "c", "d", "e"]) writer.put(bytes(name), value, 0n);
    });
    const call = new WatchCall(watch)
      .send(createRequest({ ...all, startRevision: 2n, fragment: true }), createRequest({ ...all, startRevision: 2n }))
      .finish();
    await call.take(2);
    const parts = await call.take(3);
    expect(parts.map(({ events, fragment }) => [events.length, fragment])).to.deep.equal([
      [2, true],
      [2, true],
      [1, false],
    ]);
    expect(new Set(parts.map(({ watchId, header }) => `${watchId} ${header?.revision}`)).size).to.equal(1);
    expect((await call.next()).events).to.have.length(5);
    call.abort();
  });
});
