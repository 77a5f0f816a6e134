import { suite, test } from "node:test";
import { createClient } from "@connectrpc/connect";
import { expect } from "chai";
import { createUpstream } from "../../src/gateway/upstream/upstream.ts";
import { type Clock, systemClock } from "../../src/platform/clock.ts";
import { KV, Watch, type WatchResponse } from "../../src/proto.ts";
import { until } from "../contract/expectations.ts";
import { progressNotifyInterval, startEtcd } from "../fixtures/etcd.ts";
import { follow } from "./gateway/follow.ts";

/** Ten seconds pass in a hundred milliseconds. */
const fast: Clock = {
  now: () => systemClock.now() * 100,
  setTimeout: (run, ms) => systemClock.setTimeout(run, ms / 100),
};

const bookmarks = ({ responses }: { readonly responses: readonly WatchResponse[] }): bigint[] => {
  const quiet = responses.filter(({ created, canceled, events }) => !created && !canceled && events.length === 0);
  return quiet.map(({ header }) => header?.revision ?? 0n);
};

suite("bookmarks from an etcd that by itself sends one in ten minutes", () => {
  for (const version of ["3.5.14", "3.6", "3.7"] as const) {
    test(`etcd ${version} is asked for them, also beside a watch that a compaction has ended`, async () => {
      await using etcd = await startEtcd(version, { args: [progressNotifyInterval(version, "10m")] });
      const upstream = createUpstream({ etcd: etcd.address }, fast);
      const kv = createClient(KV, upstream.transport);
      const write = async (): Promise<bigint> => (await kv.put({ key: new Uint8Array(1) })).header?.revision ?? 0n;
      await write();
      await kv.compact({ revision: await write() });
      const watch = createClient(Watch, upstream.transport);
      await using following = follow(
        (requests, signal) => watch.watch(requests, { signal }),
        [
          { key: "a", watchId: 1n },
          { key: "b", watchId: 2n, startRevision: 1n },
        ],
      );
      await until("one is compacted", () => following.responses.some(({ compactRevision }) => compactRevision > 0n));
      for (let turn = 1; turn <= 3; turn++) {
        const revision = await write();
        await until("a bookmark tells", () => bookmarks(following).includes(revision));
      }
      expect(following.responses.filter(({ canceled }) => canceled)).to.have.length(1);
      upstream.close();
    });
  }

  test("etcd 3.4.23 is not asked: its answers come ahead of the events", async () => {
    await using etcd = await startEtcd("3.4", { args: [progressNotifyInterval("3.4", "10m")] });
    let rounds = 0;
    const counting: Clock = {
      ...fast,
      setTimeout: (run, ms) => {
        if (ms === 10_000) rounds++;
        return fast.setTimeout(run, ms);
      },
    };
    const upstream = createUpstream({ etcd: etcd.address }, counting);
    const watch = createClient(Watch, upstream.transport);
    await using following = follow((requests, signal) => watch.watch(requests, { signal }), [{ key: "a" }]);
    await until("there was time for ten", () => rounds > 10);
    expect(bookmarks(following)).to.deep.equal([]);
    upstream.close();
  });
});
