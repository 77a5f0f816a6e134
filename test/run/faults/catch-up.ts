import { createClient } from "@connectrpc/connect";
import { expect } from "chai";
import type { Etcd } from "../../../src/index.ts";
import { KV } from "../../../src/proto.ts";
import { until } from "../../contract/expectations.ts";
import { expectAll, follow } from "../../contract/follow.ts";
import { History, putOf } from "../../contract/history.ts";
import { writeMany } from "../../contract/writer.ts";
import { type FaultCase, path, type Scene } from "./scene.ts";

/** 2,501 revisions: etcd sends them as 1,000, 1,000 and 501. */
const revisions = 2_501;
/** What an event takes at least, and at the most with its key and numbers. */
const [least, most] = [200, 260];
const value = "v".repeat(least);

/** History is replayed whole and once, wherever its stream is cut. */
export const catchUp: Readonly<Record<string, FaultCase>> = {
  "watch() of 2,501 revisions, cut right after created, after the first batch, and inside the next": async (scene) => {
    const { proxy } = scene;
    await expectReplay(scene, () => {
      proxy.cutAfterCreated({ path });
      proxy.cutAfterFrames(2, { path });
      proxy.cutAfterBytes(least * 500, { path });
      proxy.cutAfterBytes(3, { path }); // inside the first frame's head
      proxy.cutAfterBytes(0, { path });
      return 5;
    });
  },

  "watch() of 2,501 revisions, cut at ten random bytes": async (scene) => {
    const { proxy, seeded } = scene;
    await expectReplay(scene, () => {
      // Only two cuts come after a whole batch, and those before half of the next, so that all ten happen.
      const early = Array.from({ length: 8 }, () => seeded.between(1, least * 500));
      const late = [1, 2].map(() => seeded.between(most * 1_000 + 100, most * 1_000 + least * 200));
      const offsets = seeded.shuffled([...early, ...late]);
      for (const bytes of offsets) proxy.cutAfterBytes(bytes, { path, how: "close" });
      console.log(`cuts after ${offsets.join(", ")} bytes`);
      return offsets.length;
    });
  },

  "watch() puts the parts of a revision together, cut between the parts and inside one": async (scene) => {
    const { hasty, direct, proxy, prefix, seeded } = scene;
    // Three big values to a revision, 18 MB in all: more than is taken at once, so that they are asked for in parts of
    // 2 MiB, and revisions lie across these.
    const history = new History();
    const big = "v".repeat(400 * 1024);
    for (let i = 0; i < 15; i++) await putThree(direct, `${prefix}${i}`, big, history);
    const [first] = history.since(0n);
    proxy.cutAfterFrames(2, { path }); // the stream that is left before its second frame is whole
    proxy.cutAfterFrames(2, { path });
    proxy.cutAfterFrames(3, { path });
    for (let i = 0; i < 3; i++) proxy.cutAfterBytes(seeded.between(1, 6 * big.length), { path });
    await using watch = hasty.watch({ prefix }, { startRevision: first?.revision ?? 0n });
    await expectAll(follow(watch), history, 0n);
    expect(proxy.cuts).to.equal(5);
  },
};

/** Writes the history, watches it from its start while the plans go off, and compares. */
async function expectReplay({ hasty, direct, proxy, prefix }: Scene, plan: () => number): Promise<void> {
  const history = new History();
  await writeMany(direct, prefix, revisions, history, value);
  const [first] = history.since(0n);
  const planned = plan();
  await using watch = hasty.watch({ prefix }, { startRevision: first?.revision ?? 0n });
  const got = follow(watch);
  await until("every cut has happened", () => proxy.cuts === planned, 60_000);
  // What came twice would be there before what is written last.
  history.add((await direct.put(`${prefix}last`, "")).revision, [putOf(`${prefix}last`, "")]);
  await expectAll(got, history, 0n);
}

async function putThree(etcd: Etcd, key: string, value: string, history: History): Promise<void> {
  const keys = ["a", "b", "c"].map((name) => `${key}/${name}`);
  const encoder = new TextEncoder();
  const { header } = await createClient(KV, etcd.transport).txn({
    success: keys.map((each) => ({
      request: { case: "requestPut", value: { key: encoder.encode(each), value: encoder.encode(value) } },
    })),
  });
  const events = keys.map((each) => putOf(each, value));
  history.add(header?.revision ?? 0n, events);
}
