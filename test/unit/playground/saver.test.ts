import { describe, it } from "node:test";
import { expect } from "chai";
import { Saver } from "../../../playground/src/connection/memory/saver.ts";
import { createFakePlatform, type FakePlatform } from "../support/fake-platform.ts";

describe("saving a state", () => {
  it("begins with the first change, and takes those meanwhile together", async () => {
    const { saver, kept, change, platform } = begin({ takeMs: 1, keepMs: 50 });
    for (const state of [1, 2, 3]) change(state);
    await platform.pass(1_000);
    expect(kept).to.deep.equal([1, 3]);
    await saver.forget();
  });

  it("does not wait longer where the browser is slow to write", async () => {
    const { kept, change, platform } = begin({ takeMs: 1, keepMs: 500 });
    change(1);
    await platform.pass(510);
    change(2);
    await platform.pass(700);
    expect(kept).to.deep.equal([1, 2]);
  });

  it("waits longer where the state takes long to take", async () => {
    const { kept, change, platform } = begin({ takeMs: 50, keepMs: 10 });
    change(1);
    await platform.pass(20);
    change(2);
    await platform.pass(900);
    expect(kept).to.deep.equal([1]);
    await platform.pass(200);
    expect(kept).to.deep.equal([1, 2]);
  });

  it("does not wait at all for who leaves", async () => {
    const { saver, kept, change, platform } = begin({ takeMs: 50, keepMs: 10 });
    change(1);
    await platform.pass(20);
    change(2);
    void saver.saveNow();
    await platform.pass(20);
    expect(kept).to.deep.equal([1, 2]);
  });
});

describe("a state that cannot be saved", () => {
  it("is tried again, with growing pauses, until it is saved", async () => {
    const { kept, fail, change, tries, platform } = begin({ takeMs: 0, keepMs: 0 });
    fail("the disk is full");
    change(1);
    await platform.pass(200_000);
    const pauses = tries.slice(1).map((at, index) => at - (tries[index] ?? 0));
    expect(pauses.slice(0, 3)).to.deep.equal([1_000, 2_000, 4_000]);
    expect(Math.max(...pauses)).to.equal(30_000);
    expect(kept).to.deep.equal([]);
    fail(undefined);
    await platform.pass(30_000);
    expect(kept).to.deep.equal([1]);
  });

  it("is told of once, and once more when it is saved after all", async () => {
    const { told, fail, change, platform } = begin({ takeMs: 0, keepMs: 0 });
    change(1);
    await platform.pass(1_000);
    expect(told).to.deep.equal([]);
    fail("the disk is full");
    change(2);
    await platform.pass(20_000);
    expect(told.map(String)).to.deep.equal(["Error: the disk is full"]);
    fail(undefined);
    await platform.pass(30_000);
    expect(told.map(String)).to.deep.equal(["Error: the disk is full", "undefined"]);
  });

  it("is tried once more for who leaves, who hears of no error", async () => {
    const { saver, kept, fail, change, platform } = begin({ takeMs: 0, keepMs: 0 });
    fail("the disk is full");
    change(1);
    await platform.pass(10);
    await saver.saveNow();
    fail(undefined);
    await saver.saveNow();
    expect(kept).to.deep.equal([1]);
  });

  it("is tried again where it failed for who leaves while nobody else saved", async () => {
    const { saver, kept, fail, change, platform } = begin({ takeMs: 0, keepMs: 300 });
    change(1);
    await platform.pass(320);
    change(2);
    void saver.saveNow(); // it is still being written when the loop finds nothing to save
    fail("the disk is full");
    await platform.pass(400);
    fail(undefined);
    await platform.pass(40_000);
    expect(kept).to.deep.equal([1, 2]);
  });

  it("is let go where it is not wanted any more: the next one begins at once", async () => {
    const { saver, kept, told, fail, change, platform } = begin({ takeMs: 0, keepMs: 0 });
    fail("the disk is full");
    change(1);
    await platform.pass(60_000);
    await saver.forget();
    fail(undefined);
    change(2);
    await platform.pass(10);
    expect(kept).to.deep.equal([2]);
    expect(told.map(String)).to.deep.equal(["Error: the disk is full", "undefined"]);
  });
});

interface Begun {
  readonly saver: Saver;
  readonly change: (state: number) => void;
  /** What has been written so far. */
  readonly kept: readonly number[];
  /** When it was tried to write. */
  readonly tries: readonly number[];
  /** What was said of that. */
  readonly told: readonly unknown[];
  /** From now on writing fails, with these words; undefined: no more. */
  readonly fail: (words: string | undefined) => void;
  readonly platform: FakePlatform;
}

/** A state that is a number, and how long it takes to take and to write. */
function begin({ takeMs, keepMs }: { readonly takeMs: number; readonly keepMs: number }): Begun {
  const platform = createFakePlatform();
  const kept: number[] = [];
  const tries: number[] = [];
  const told: unknown[] = [];
  let words: string | undefined;
  let state = 0;
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => platform.setTimeout(resolve, ms));
  const saver = new Saver({
    take() {
      platform.freeze(takeMs);
      return Uint8Array.of(state);
    },
    async keep([written = 0]) {
      tries.push(platform.now());
      if (keepMs > 0) await sleep(keepMs);
      if (words !== undefined) throw new Error(words);
      kept.push(written);
    },
    told: (reason) => void told.push(reason),
    now: platform.now,
    sleep,
  });
  const change = (next: number): void => {
    state = next;
    saver.changed();
  };
  const fail = (next: string | undefined): void => {
    words = next;
  };
  return { saver, change, kept, tries, told, fail, platform };
}
