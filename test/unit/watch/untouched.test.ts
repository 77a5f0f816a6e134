import { suite, test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "chai";
import { EtcdError, type WatchOptions } from "../../../src/index.ts";
import type { ServerStream } from "../support/scripted-etcd.ts";
import { confirm, denied, type Extras, event, lost, scene, startsOf } from "../support/watch-scene.ts";

/** Tells a stream's watches, confirmed a moment ago, that their history is gone. */
function compact(stream: ServerStream | undefined, compactRevision = 500n): void {
  confirm(stream, 600n);
  for (const { watchId } of stream?.creates ?? []) stream?.send({ watchId, canceled: true, compactRevision });
}

/** Watches from revision 11 on, whose link breaks; their re-open is answered `compacted`. */
async function refused(
  keys: readonly string[],
  options?: WatchOptions,
  extras?: Extras,
): Promise<ReturnType<typeof scene> & Refused> {
  const found = scene(extras);
  const { server, platform } = found;
  const watches = keys.map((key) => found.follow(key, options));
  await platform.pass(0);
  confirm(server.streams[0]);
  await platform.pass(0);
  server.revision = 600n;
  server.streams[0]?.end(lost);
  await platform.pass(250);
  const reads = server.reads;
  return {
    ...found,
    got: watches.map(({ got }) => got),
    reads: () => server.reads - reads,
    async compact() {
      compact(server.streams[1]);
      await platform.pass(0);
    },
  };
}

interface Refused {
  readonly got: readonly (readonly (bigint | string)[])[];
  /** Since the re-open. */
  reads(): number;
  compact(): Promise<void>;
}

suite("a watch that is told compacted when it comes back", () => {
  test("goes on where its key is as it was: nothing has happened to it", async () => {
    const { server, platform, got, compact, reads } = await refused(["quiet"]);
    server.changedAt.set("quiet", 10n);
    await compact();
    await platform.pass(10_000);
    expect(startsOf(server.streams[2])).to.deep.equal([601n]);
    confirm(server.streams[2], 610n);
    server.streams[2]?.send(event(1n, 611n));
    await platform.pass(0);
    expect([got, reads()]).to.deep.equal([[[611n]], 1]);
  });

  for (const [why, changedAt] of [
    ["was changed in the revision it stood at", 11n],
    ["was changed since", 600n],
    ["is not there: it may have come and gone", undefined],
  ] as const) {
    test(`ends where its key ${why}`, async () => {
      const { server, platform, got, compact } = await refused(["key"]);
      if (changedAt !== undefined) server.changedAt.set("key", changedAt);
      await compact();
      await platform.pass(10_000);
      expect(got).to.deep.equal([["compacted"]]);
    });
  }

  test("asks for a hundred keys at a time, and those that are untouched go on together", async () => {
    const keys = Array.from({ length: 250 }, (_, i) => `key-${i}`);
    const { server, platform, got, compact, reads } = await refused(keys);
    for (const key of keys.slice(1)) server.changedAt.set(key, 10n);
    await compact();
    await platform.pass(10_000);
    expect(reads()).to.equal(3);
    expect(startsOf(server.streams[2])).to.deep.equal(keys.slice(1).map(() => 601n));
    expect(got[0]).to.deep.equal(["compacted"]);
  });

  test("asks again when the read is lost, and ends where it may not be made", async () => {
    for (const [error, end] of [
      [lost, []],
      [denied, ["permission-denied"]],
    ] as const) {
      const { server, platform, got, compact } = await refused(["quiet"]);
      server.changedAt.set("quiet", 10n);
      server.readErrors.push(error);
      await compact();
      await platform.pass(10_000);
      expect(got).to.deep.equal([end]);
      expect(startsOf(server.streams[2])).to.deep.equal(end.length === 0 ? [601n] : []);
    }
  });

  test("asks again, with pauses, while a proxy answers with a page", async () => {
    const keys = Array.from({ length: 100 }, (_, i) => `key-${i}`);
    let reads = 0;
    let isDeployed = false;
    const { server, platform, got, compact } = await refused(keys, undefined, {
      async lastChanges() {
        reads++;
        if (!isDeployed) throw new EtcdError("not-grpc-web", "a page");
        return { revision: 600n, changedAt: keys.map(() => 10n) };
      },
    });
    await compact();
    expect(reads).to.equal(1);
    await platform.pass(50_000);
    expect(reads).to.be.within(4, 20);
    isDeployed = true;
    await platform.pass(60_000);
    expect(got).to.deep.equal(keys.map(() => []));
    expect(startsOf(server.streams[2])).to.deep.equal(keys.map(() => 601n));
  });

  test("goes on by reads alone where a proxy lets no transaction through", async () => {
    const { server, platform, got, compact, reads } = await refused(["a", "b", "c"]);
    server.txnError = new ConnectError("HTTP 404", Code.Unimplemented);
    for (const key of ["a", "b"]) server.changedAt.set(key, 10n);
    await compact();
    await platform.pass(10_000);
    expect([got, reads()]).to.deep.equal([[[], [], ["compacted"]], 4]);
    expect(startsOf(server.streams[2])).to.deep.equal([601n, 601n]);
  });

  for (const code of ["not-grpc-web", "cors-or-network"] as const) {
    test(`ends, and holds up nobody for long, where the read never gets through: ${code}`, async () => {
      const { server, platform, got, compact, follow } = await refused(["quiet"], undefined, {
        lastChanges: () => Promise.reject(new EtcdError(code, "no read gets through")),
      });
      await compact();
      const other = follow("other", { startRevision: 601n });
      await platform.pass(90_000);
      expect(got).to.deep.equal([["compacted"]]);
      confirm(server.streams.at(-1), 600n);
      server.streams.at(-1)?.send(event(server.streams.at(-1)?.creates[0]?.watchId ?? 0n, 700n));
      await platform.pass(0);
      expect(other.got).to.deep.equal([700n]);
    });
  }

  test("ends without a read where it is of a range, whose keys may have come and gone", async () => {
    const { server, platform, etcd } = scene();
    const ends: unknown[] = [];
    const reading = (async () => {
      for await (const each of etcd.watch({ prefix: "a/" }, { startRevision: 11n })) ends.push(each);
    })().catch((error) => ends.push(error.code));
    await platform.pass(0);
    confirm(server.streams[0]);
    await platform.pass(0);
    server.streams[0]?.end(lost);
    await platform.pass(250);
    const { reads } = server;
    compact(server.streams[1]);
    await reading;
    expect([ends, server.reads]).to.deep.equal([["compacted"], reads]);
  });
});

test("a watch whose given start is compacted ends, though its key is as it was then", async () => {
  const { server, platform, follow } = scene();
  server.changedAt.set("key", 10n);
  const { got } = follow("key", { startRevision: 11n });
  await platform.pass(0);
  compact(server.streams[0]);
  await platform.pass(10_000);
  expect(got).to.deep.equal(["compacted"]);
});
