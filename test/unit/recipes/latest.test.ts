import { test } from "node:test";
import { expect } from "chai";
import { latest } from "../../../src/recipes/latest.ts";
import { reasonOf } from "../../contract/expectations.ts";
import { settle } from "../support/fake-platform.ts";

/** What is followed, told by the test. */
function source(): {
  tell: (state: number) => void;
  fail: (error: unknown) => void;
  followed: AbortSignal | undefined;
  follow: (tell: (state: number) => void, signal: AbortSignal) => Promise<never>;
} {
  const found = {
    tell: (_: number): void => {},
    fail: (_: unknown): void => {},
    followed: undefined as AbortSignal | undefined,
    follow(tell: (state: number) => void, signal: AbortSignal): Promise<never> {
      found.tell = tell;
      found.followed = signal;
      return new Promise((_, reject) => {
        found.fail = reject;
        signal.addEventListener("abort", () => reject(signal.reason));
      });
    },
  };
  return found;
}

test("latest() gives the newest state at each read, and begins with the first", async () => {
  const following = source();
  const states = latest(undefined, following.follow)[Symbol.asyncIterator]();
  expect(following.followed).to.equal(undefined);
  const first = states.next();
  for (const state of [1, 2, 3]) following.tell(state);
  expect([(await first).value, (await states.next()).value]).to.deep.equal([1, 3]);
  const both = [states.next(), states.next()];
  following.tell(4);
  following.tell(5);
  expect((await Promise.all(both)).map(({ value }) => value)).to.deep.equal([4, 5]);
});

test("latest() gives what was told before an error, then the error, then is done", async () => {
  const following = source();
  const states = latest(undefined, following.follow)[Symbol.asyncIterator]();
  const first = states.next();
  following.tell(1);
  following.tell(2);
  const error = new Error("no");
  following.fail(error);
  await settle();
  expect([(await first).value, (await states.next()).value]).to.deep.equal([1, 2]);
  expect(await reasonOf(states.next())).to.equal(error);
  expect((await states.next()).done).to.equal(true);
});

test("latest() that is left stops following, also while nothing comes", async () => {
  const following = source();
  const states = latest(undefined, following.follow)[Symbol.asyncIterator]();
  const pending = states.next();
  await states.return?.();
  expect([(await pending).done, following.followed?.aborted]).to.deep.equal([true, true]);
});

test("latest() rejects with the reason of its signal", async () => {
  const following = source();
  const abort = new AbortController();
  const states = latest(abort.signal, following.follow)[Symbol.asyncIterator]();
  const pending = reasonOf(states.next());
  abort.abort("enough");
  expect([await pending, (await states.next()).done]).to.deep.equal(["enough", true]);
});
