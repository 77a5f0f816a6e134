import { test } from "node:test";
import { expect } from "chai";
import { noPrefix } from "../../../src/base/prefix.ts";
import { EtcdError, type EtcdErrorCode } from "../../../src/index.ts";
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

test("a read that is refused for what it is, whatever its keys, is not made of fewer; one of too many keys is", async () => {
  const outcomes: [code: EtcdErrorCode, reads: number, refused: number][] = [
    ["unimplemented", 1, 100],
    ["too-many-operations", 3, 0],
  ];
  for (const [code, ...outcome] of outcomes) {
    const compacted = new EtcdError("compacted", "gone");
    const behind = new Map(Array.from({ length: 100 }, (_, i) => [watchOf(`key-${i}`), compacted]));
    let reads = 0;
    const { refused } = await passUntouched(
      behind,
      async (keys) => {
        reads++;
        if (keys.length > 50) throw new EtcdError(code, "no");
        return { revision: 600n, changedAt: keys.map(() => 10n) };
      },
      () => false,
    );
    expect([reads, refused.length], code).to.deep.equal(outcome);
    expect(refused.every(([, error]) => error === compacted)).to.equal(true);
  }
});
