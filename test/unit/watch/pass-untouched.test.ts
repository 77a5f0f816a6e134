import { test } from "node:test";
import { expect } from "chai";
import { noPrefix } from "../../../src/base/prefix.ts";
import { EtcdError } from "../../../src/index.ts";
import type { Follower } from "../../../src/watch/follower.ts";
import { passUntouched } from "../../../src/watch/untouched.ts";

function watchOf(key: string): Follower {
  const subject = { range: key, prefix: noPrefix, startRevision: 11n, prevKv: false, filters: [], headers: [] };
  const nobody = (): void => {};
  return {
    subject,
    next: 11n,
    wasOpen: true,
    confirmed: nobody,
    revisions: nobody,
    bookmark: nobody,
    failed: nobody,
    aborted: nobody,
  };
}

test("a watch that has passed is not judged again when the read of others is lost", async () => {
  const watches = Array.from({ length: 150 }, (_, i) => watchOf(`key-${i}`));
  const behind = new Map(watches.map((watch) => [watch, new EtcdError("compacted", "gone")]));
  let reads = 0;
  const { refused, again } = await passUntouched(
    behind,
    async (keys) => {
      if (reads++ > 0) throw new EtcdError("unavailable", "lost");
      return { revision: 600n, changedAt: keys.map(() => 10n) };
    },
    () => true,
  );
  expect([refused.length, again?.code]).to.deep.equal([0, "unavailable"]);
  expect([...behind.keys()]).to.deep.equal(watches.slice(100));
});

test("one key that may not be read any more does not cost the others of the same read their watch", async () => {
  const watches = Array.from({ length: 150 }, (_, i) => watchOf(`key-${i}`));
  const compacted = new EtcdError("compacted", "gone");
  const denied = new EtcdError("permission-denied", "no", { reason: "etcdserver: permission denied" });
  let reads = 0;
  const { refused, again } = await passUntouched(
    new Map(watches.map((watch) => [watch, compacted])),
    async (keys) => {
      reads++;
      if (keys.some((key) => new TextDecoder().decode(key) === "key-7")) throw denied;
      return { revision: 600n, changedAt: keys.map(() => 10n) };
    },
    () => false,
  );
  expect(again).to.equal(undefined);
  expect(refused.map(([{ subject }, { code }]) => [subject.range, code])).to.deep.equal([
    ["key-7", "permission-denied"],
  ]);
  expect(watches.filter(({ next }) => next === 601n)).to.have.length(149);
  expect(reads).to.be.below(20);
});
