import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { create } from "@bufbuild/protobuf";
import { Stream } from "../../../src/base/stream.ts";
import { askEachMs, HeldWatch } from "../../../src/gateway/upstream/held-watch.ts";
import type { OpenWatch, WatchAsk } from "../../../src/gateway/upstream/open-watch.ts";
import { WatchRequestSchema, type WatchResponse, WatchResponseSchema } from "../../../src/proto.ts";
import { createFakePlatform, type FakePlatform, settle } from "../support/fake-platform.ts";

describe("a watch held open on etcd", () => {
  it("asks for a bookmark when it is quiet, again and again", async () => {
    const { asked, clock } = await open({ creates: 2 });
    await clock.pass(askEachMs - 1);
    assert.deepEqual(asked(), []);
    await clock.pass(1);
    assert.deepEqual(asked(), ["progressRequest"]);
    await clock.pass(2 * askEachMs);
    assert.equal(asked().length, 3);
  });

  it("asks nothing before every watch is confirmed: the answer would be for all", async () => {
    const { asked, clock, say } = await open({ creates: 2, confirmed: 1 });
    await clock.pass(3 * askEachMs);
    assert.deepEqual(asked(), []);
    say({ created: true, watchId: 1n });
    await clock.pass(askEachMs);
    assert.equal(asked().length, 1);
  });

  it("asks nothing where a watch wants no bookmarks", async () => {
    const { asked, clock } = await open({ creates: 2, progressNotify: false });
    await clock.pass(3 * askEachMs);
    assert.deepEqual(asked(), []);
  });

  it("asks nothing of a server that tells by itself, nor of one that would not tell the truth", async () => {
    const telling = await open({ creates: 1 });
    for (let i = 0; i < 5; i++) {
      await telling.clock.pass(askEachMs);
      telling.say({ watchId: 0n });
    }
    assert.equal(telling.asked().length, 1, "only before it was known to tell");
    const old = await open({ creates: 1, answersProgress: false });
    await old.clock.pass(3 * askEachMs);
    assert.deepEqual(old.asked(), []);
  });

  it("asks nothing while the page does not read", async () => {
    const { asked, clock, say, stall } = await open({ creates: 1 });
    stall();
    say({ watchId: 0n, events: [{}] });
    await clock.pass(3 * askEachMs);
    assert.deepEqual(asked(), []);
  });

  it("cancels what a compaction has ended, and keeps the answer to itself", async () => {
    const { asked, say, heard } = await open({ creates: 2 });
    say({ watchId: 1n, canceled: true, compactRevision: 9n });
    await settle();
    assert.deepEqual(asked(), ["cancelRequest 1"]);
    say({ watchId: 1n, canceled: true });
    say({ watchId: 0n, canceled: true });
    await settle();
    const ends = heard.filter(({ canceled }) => canceled).map((each) => `${each.watchId} ${each.compactRevision}`);
    assert.deepEqual(ends, ["1 9", "0 0"]);
  });

  it("leaves no timer behind", async () => {
    const { clock, end } = await open({ creates: 1 });
    assert.equal(clock.timers, 1);
    end();
    await settle();
    assert.equal(clock.timers, 0);
  });

  it("leaves none either where the page goes while an answer waits for it", async () => {
    const { clock, say, stall, leave } = await open({ creates: 1 });
    stall();
    say({ watchId: 0n, events: [{}] });
    await settle();
    leave();
    assert.equal(clock.timers, 0);
  });
});

type Say = Partial<Omit<WatchResponse, "$typeName" | "events">> & { readonly events?: readonly object[] };

interface Scene {
  readonly clock: FakePlatform;
  /** What has reached the page. */
  readonly heard: readonly WatchResponse[];
  /** What the gateway has asked for by itself. */
  asked(): string[];
  say(response: Say): void;
  /** The page stops to read. */
  stall(): void;
  /** The page goes. */
  leave(): void;
  end(): void;
}

interface Page {
  readonly creates: number;
  readonly confirmed?: number;
  readonly progressNotify?: boolean;
  readonly answersProgress?: boolean;
}

async function open(page: Page): Promise<Scene> {
  const { creates, confirmed = creates, progressNotify = true, answersProgress = true } = page;
  const clock = createFakePlatform();
  const requests: WatchAsk[] = [];
  const responses = new Stream<WatchResponse>();
  const heard: WatchResponse[] = [];
  let stalled = false;
  const upstream: OpenWatch = (asks) => {
    void read(asks, (ask) => requests.push(ask));
    return responses;
  };
  const pages = Array.from({ length: creates }, (_, i) => {
    const value = { watchId: BigInt(i), progressNotify: progressNotify || i === 0 };
    return create(WatchRequestSchema, { requestUnion: { case: "createRequest", value } });
  });
  const held = new HeldWatch(sequence(pages), { clock, answersProgress: async () => answersProgress });
  const left = new AbortController();
  void read(held.responses(upstream, left.signal), async (response) => {
    heard.push(response);
    if (stalled) await new Promise(() => {});
  });
  const say = ({ events = [], ...response }: Say): void =>
    responses.push(create(WatchResponseSchema, { ...response, events: events.map(() => ({})) }));
  for (let i = 0; i < confirmed; i++) say({ created: true, watchId: BigInt(i) });
  await settle();
  return {
    ...{ clock, heard, say },
    asked: () =>
      requests.slice(creates).map(({ requestUnion: ask }) => {
        return ask?.case === "cancelRequest" ? `${ask.case} ${ask.value.watchId}` : `${ask?.case}`;
      }),
    stall() {
      stalled = true;
    },
    leave: () => left.abort(),
    end: () => responses.end(),
  };
}

async function* sequence<T>(values: readonly T[]): AsyncGenerator<T> {
  yield* values;
}

async function read<T>(values: AsyncIterable<T>, take: (value: T) => unknown): Promise<void> {
  for await (const value of values) await take(value);
}
