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
    await saver.rest();
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

interface Begun {
  readonly saver: Saver;
  readonly change: (state: number) => void;
  /** What has been written so far. */
  readonly kept: readonly number[];
  readonly platform: FakePlatform;
}

/** A state that is a number, and how long it takes to take and to write. */
function begin({ takeMs, keepMs }: { readonly takeMs: number; readonly keepMs: number }): Begun {
  const platform = createFakePlatform();
  const kept: number[] = [];
  let state = 0;
  const sleep = (ms: number): Promise<void> => new Promise((resolve) => platform.setTimeout(resolve, ms));
  const saver = new Saver({
    take() {
      platform.freeze(takeMs);
      return Uint8Array.of(state);
    },
    async keep([written = 0]) {
      await sleep(keepMs);
      kept.push(written);
    },
    now: platform.now,
    sleep,
  });
  const change = (next: number): void => {
    state = next;
    void saver.changed();
  };
  return { saver, change, kept, platform };
}
