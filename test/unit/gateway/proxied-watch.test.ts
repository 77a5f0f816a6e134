import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { untilAborted } from "../../../src/base/signals.ts";
import type { OpenWatch } from "../../../src/gateway/upstream/open-watch.ts";
import { ProxiedWatch } from "../../../src/gateway/upstream/proxied-watch.ts";
import {
  type WatchCreateRequest,
  WatchCreateRequestSchema,
  type WatchResponse,
  WatchResponseSchema,
} from "../../../src/proto.ts";
import { createFakePlatform, type FakePlatform, settle } from "../support/fake-platform.ts";

const prefix = { key: bytes("a/"), rangeEnd: bytes("a0") };

describe("a watch through grpc-proxy", () => {
  it("that is near the present is opened at the common range, and stays there", async () => {
    const { opened, heard } = await follow({ ...prefix, startRevision: 900n }, 1_000n, [
      [created(), ...Array.from({ length: 20 }, (_, i) => events(900 + i, 900 + i, 900 + i))],
    ]);
    assert.deepEqual(opened.map(rangeOf), ["a/ a0 900"]);
    assert.equal(heard.length, 21);
  });

  it("that is far from it is read from a range of its own, and goes on at the common one", async () => {
    const { opened, heard } = await follow({ ...prefix, startRevision: 1n }, 2_500n, [
      [created(), events(1, 1_000, 2_500), events(1_001, 2_000, 2_500), events(2_001, 2_500, 2_500)],
      [created(), events(2_501, 2_501, 2_501)],
    ]);
    assert.equal(opened.length, 2);
    const [alone, common] = opened;
    assert.match(alone === undefined ? "" : rangeOf(alone), /^a\/ a\/\ufffd{32}.* 1$/su);
    assert.equal(common && rangeOf(common), "a/ a0 2501");
    assert.deepEqual(heard.map(revisions), ["created", "1-1000", "1001-2000", "2001-2500", "2501-2501"]);
  });

  it("that has a range of its own for long comes back with a bookmark", async () => {
    const { opened } = await follow({ ...prefix, startRevision: 1n }, 2_500n, [
      [created(), bookmark(2_600)],
      [created()],
    ]);
    assert.equal(opened[1] && rangeOf(opened[1]), "a/ a0 2601");
  });

  it("that is given a part of the past at the common range is opened anew from behind it", async () => {
    const { opened, heard } = await follow({ ...prefix, startRevision: 1n }, 100n, [
      [created(), events(1, 1_000, 1_400), events(1_401, 1_401, 1_401)],
      [created(), events(1_001, 1_401, 1_401)],
    ]);
    assert.deepEqual(opened.map(rangeOf), ["a/ a0 1", "a/ a0 1001"]);
    assert.deepEqual(heard.map(revisions), ["created", "1-1000", "1001-1401"]);
  });

  it("of a single key hears of that key alone, and may be refused a range", async () => {
    const other = events(1, 10, 2_000);
    for (const event of other.events) if (event.kv) event.kv.key = bytes("a\0b");
    const single = { key: bytes("a"), startRevision: 1n };
    const alone = await follow(single, 2_000n, [
      [created(), other],
      [created(), bookmark(2_000)],
    ]);
    assert.deepEqual(alone.heard.map(revisions), ["created", "bookmark 2000"]);
    const refused = create(WatchResponseSchema, { created: true, canceled: true, watchId: -1n });
    const plain = await follow(single, 2_000n, [[refused], [created(), bookmark(2_000)]]);
    assert.deepEqual(plain.opened.map(rangeOf).at(-1), "a  1");
    assert.deepEqual(plain.heard.map(revisions), ["created", "bookmark 2000"]);
  });

  it("is left no earlier than it is confirmed, since etcd would keep it", async () => {
    const { call, confirm, leave } = await begin();
    leave();
    await settle();
    assert.equal(call().aborted, false);
    confirm();
    await settle();
    assert.equal(call().aborted, true);
  });

  it("that is not confirmed is left after a while", async () => {
    const { call, leave, platform } = await begin();
    leave();
    await platform.pass(4_900);
    assert.equal(call().aborted, false);
    await platform.pass(200);
    assert.equal(call().aborted, true);
    assert.equal(platform.timers, 0);
  });

  it("that is confirmed is left at once", async () => {
    const { call, confirm, leave, platform } = await begin();
    confirm();
    await settle();
    leave();
    await settle();
    assert.equal(call().aborted, true);
    assert.equal(platform.timers, 0);
  });
});

interface Begun {
  /** The signal of the call to the proxy. */
  readonly call: () => AbortSignal;
  /** The proxy answers. */
  readonly confirm: () => void;
  /** The page goes. */
  readonly leave: () => void;
  readonly platform: FakePlatform;
}

/** A watch that the proxy has not answered yet. */
async function begin(): Promise<Begun> {
  const platform = createFakePlatform();
  const [confirmed, page] = [Promise.withResolvers<void>(), new AbortController()];
  let call = page.signal;
  const open: OpenWatch = async function* (_requests, signal) {
    call = signal;
    await untilAborted(confirmed.promise, signal);
    yield created();
    await untilAborted(new Promise(() => {}), signal);
  };
  const watch = new ProxiedWatch(
    { open, revision: async () => 1n, clock: platform },
    create(WatchCreateRequestSchema, prefix),
    page.signal,
  );
  void (async () => {
    for await (const _ of watch.responses());
  })().catch(() => {});
  await settle();
  return { call: () => call, confirm: confirmed.resolve, leave: () => page.abort(), platform };
}

interface Followed {
  /** What was asked for, call by call. */
  readonly opened: readonly WatchCreateRequest[];
  readonly heard: readonly WatchResponse[];
}

/** Follows a watch before a proxy that answers each call with what is given for it, and then is silent. */
async function follow(
  ask: MessageInitShape<typeof WatchCreateRequestSchema>,
  present: bigint,
  answers: readonly (readonly WatchResponse[])[],
): Promise<Followed> {
  const opened: WatchCreateRequest[] = [];
  const heard: WatchResponse[] = [];
  const open: OpenWatch = async function* (requests) {
    for await (const { requestUnion } of requests) {
      if (requestUnion?.case === "createRequest") opened.push(create(WatchCreateRequestSchema, requestUnion.value));
      yield* answers[opened.length - 1] ?? [];
      await new Promise(() => {});
    }
  };
  let now = present;
  const revision = async (): Promise<bigint> => now;
  const watch = new ProxiedWatch(
    { open, revision, clock: createFakePlatform() },
    create(WatchCreateRequestSchema, ask),
    new AbortController().signal,
  );
  void (async () => {
    for await (const response of watch.responses()) {
      heard.push(response);
      now = response.header?.revision ?? now;
    }
  })();
  await settle();
  return { opened, heard };
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

function created(): WatchResponse {
  return create(WatchResponseSchema, { created: true });
}

function bookmark(revision: number): WatchResponse {
  return create(WatchResponseSchema, { header: { revision: BigInt(revision) } });
}

function events(first: number, last: number, present: number): WatchResponse {
  const all = Array.from({ length: last - first + 1 }, (_, i) => ({
    kv: { key: bytes("a/1"), modRevision: BigInt(first + i) },
  }));
  return create(WatchResponseSchema, { header: { revision: BigInt(present) }, events: all });
}

function rangeOf({ key, rangeEnd, startRevision }: WatchCreateRequest): string {
  return `${new TextDecoder().decode(key)} ${new TextDecoder().decode(rangeEnd)} ${startRevision}`;
}

function revisions({ created, events, header }: WatchResponse): string {
  if (created) return "created";
  if (events.length === 0) return `bookmark ${header?.revision}`;
  return `${events[0]?.kv?.modRevision}-${events.at(-1)?.kv?.modRevision}`;
}
