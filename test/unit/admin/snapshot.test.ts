import { createHash } from "node:crypto";
import { test } from "node:test";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { expect } from "chai";
import { createMaintenance, type SnapshotOptions, type SnapshotProgress } from "../../../src/admin/index.ts";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import type { TokenSource } from "../../../src/index.ts";
import { Maintenance } from "../../../src/proto.ts";
import { reasonOf, rejection, thrown } from "../../contract/expectations.ts";
import { createFakePlatform, type FakePlatform, settle } from "../support/fake-platform.ts";

const database = Uint8Array.from({ length: 200_000 }, (_, i) => (i * i) % 251);
const digest = createHash("sha256").update(database).digest();
const whole = Buffer.concat([database, digest]);

interface Part {
  readonly remainingBytes: bigint;
  readonly blob: Uint8Array;
}

interface Scene {
  readonly platform: FakePlatform;
  /** Parts that have been asked for. */
  sent: number;
  left: boolean;
  close(): Promise<void>;
  snapshot(options?: SnapshotOptions): ReadableStream<Uint8Array<ArrayBuffer>>;
}

/** A server that sends these parts, and then an error, nothing, or the end. */
function scene(parts: Iterable<Part>, then: ConnectError | "silence" | "end" = "end"): Scene {
  const platform = createFakePlatform();
  const transport = createRouterTransport(({ rpc }) => {
    rpc(Maintenance.method.snapshot, async function* (_, { signal }) {
      signal.addEventListener("abort", () => {
        found.left = true;
      });
      for (const part of parts) {
        found.sent++;
        yield part;
      }
      if (then instanceof ConnectError) throw then;
      if (then === "silence") await new Promise((resolve) => signal.addEventListener("abort", resolve));
    });
  });
  const etcd = createEtcdOn(platform, { transport });
  const snapshot: Scene["snapshot"] = (options) => createMaintenance(etcd).snapshot(options);
  const found: Scene = { platform, sent: 0, left: false, close: () => etcd.close(), snapshot };
  return found;
}

/** As etcd sends it: parts of the database, each with how much of it is to follow, then the SHA-256. */
function partsOf(bytes: Uint8Array, trailer: Uint8Array, size: number, total: number = bytes.length): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < bytes.length; at += size) {
    const blob = bytes.subarray(at, at + size);
    parts.push({ remainingBytes: BigInt(total - at - blob.length), blob });
  }
  return [...parts, { remainingBytes: 0n, blob: trailer }];
}

async function read(stream: ReadableStream<Uint8Array>): Promise<Buffer> {
  return Buffer.from(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

for (const size of [1000, 32 * 1024, database.length - 5, database.length]) {
  test(`a snapshot in parts of ${size} bytes comes as it was sent, its SHA-256 included, with its progress`, async () => {
    const seen: SnapshotProgress[] = [];
    const found = scene(partsOf(database, digest, size));
    const bytes = await read(found.snapshot({ onProgress: (progress) => seen.push(progress) }));
    expect(bytes.equals(whole)).to.equal(true);
    const total = whole.length;
    expect(seen[0]).to.deep.equal({ received: size, remaining: total - size, total });
    expect(seen.at(-1)).to.deep.equal({ received: total, remaining: 0, total });
    expect(found.platform.timers).to.equal(0);
  });
}

test("a trailer that is cut into pieces, or hangs on the last part, is found all the same", async () => {
  const [first, ...rest] = [database, ...Array.from(digest, (byte) => Uint8Array.of(byte))];
  const inBytes = [first as Uint8Array, ...rest].map((blob) => ({ remainingBytes: 0n, blob }));
  expect((await read(scene(inBytes).snapshot())).equals(whole)).to.equal(true);
  const joined = Buffer.concat([database.subarray(1000), digest]);
  const together = [
    { remainingBytes: BigInt(database.length - 1000), blob: database.subarray(0, 1000) },
    { remainingBytes: 0n, blob: joined },
  ];
  expect((await read(scene(together).snapshot())).equals(whole)).to.equal(true);
});

const changed = database.slice();
changed[77_777] = (changed[77_777] as number) ^ 1;
for (const [what, parts, words] of [
  ["with a bit that has changed", partsOf(changed, digest, 32_768), /SHA-256/],
  ["with another SHA-256", partsOf(database, digest.toReversed(), 32_768), /SHA-256/],
  ["that lacks its SHA-256", partsOf(database, digest, 32_768).slice(0, -1), /200000 of 200032 bytes/],
  ["that lacks a part", partsOf(database, digest, 32_768).toSpliced(2, 1), /167264 of 200032 bytes/],
  [
    "that holds a part twice",
    partsOf(database, digest, 32_768).toSpliced(2, 0, ...partsOf(database, digest, 32_768).slice(1, 2)),
    /232800 of 200032 bytes/,
  ],
  ["without anything", [], /0 of 32 bytes/],
] as const) {
  test(`a snapshot ${what} is corrupt, and does not end as if it were whole`, async () => {
    const seen: string[] = [];
    const target = new WritableStream({
      abort: () => void seen.push("aborted"),
      close: () => void seen.push("closed"),
    });
    const error = await rejection(scene(parts).snapshot().pipeTo(target), "corrupt");
    expect(error.message).to.match(words);
    expect(seen).to.deep.equal(["aborted"]);
  });
}

test("a snapshot that breaks off fails with why it did", async () => {
  const parts = partsOf(database, digest, 32_768).slice(0, 3);
  const stopped = new ConnectError("etcdserver: server stopped", Code.Unavailable);
  await rejection(read(scene(parts, stopped).snapshot()), "unavailable");
  const denied = new ConnectError("etcdserver: permission denied", Code.PermissionDenied);
  await rejection(read(scene([], denied).snapshot()), "permission-denied");
});

test("who does not read gets a mebibyte ahead, no more; who cancels ends it on the server", async () => {
  const part = { remainingBytes: 1n << 40n, blob: new Uint8Array(32 * 1024) };
  const endless = {
    *[Symbol.iterator]() {
      for (;;) yield part;
    },
  };
  const found = scene(endless);
  const stream = found.snapshot();
  for (let i = 0; i < 50; i++) await settle();
  expect(found.sent).to.be.within(32, 40);
  await stream.cancel();
  await settle();
  expect(found.left).to.equal(true);
});

test("the signal ends a snapshot, also one that nobody reads at the moment, and so does closing the client", async () => {
  for (const [end, code] of [
    [(stop: AbortController) => stop.abort(), "aborted"],
    [(_: AbortController, found: Scene) => found.close(), "closed"],
  ] as const) {
    const found = scene(partsOf(database, digest, 32_768).slice(0, 2), "silence");
    const stop = new AbortController();
    const reader = found.snapshot({ signal: stop.signal }).getReader();
    expect((await reader.read()).value?.length).to.equal(32_768);
    await end(stop, found);
    await rejection(reader.read(), code);
    await settle();
    expect(found.left).to.equal(true);
  }
  const { snapshot, platform } = scene([]);
  await rejection(read(snapshot({ signal: AbortSignal.abort() })), "aborted");
  expect(platform.timers).to.equal(0);
});

test("one that is refused for its token begins once more, with another; one that has begun does not", async () => {
  const expired = new ConnectError("etcdserver: invalid auth token", Code.Unauthenticated);
  const parts = partsOf(database, digest, 32_768);
  const tokens: string[] = [];
  const readWith = (refusals: number, sent: readonly Part[] = parts): Promise<Buffer> => {
    const transport = createRouterTransport(({ rpc }) => {
      rpc(Maintenance.method.snapshot, async function* (_, { requestHeader }) {
        tokens.push(requestHeader.get("token") ?? "");
        if (refusals-- > 0) throw expired;
        yield* sent;
        if (sent !== parts) throw expired;
      });
    });
    let next = 1;
    const token: TokenSource = { token: async () => "1", renew: async () => String(++next) };
    const etcd = createEtcdOn(createFakePlatform(), { transport, auth: token });
    return read(createMaintenance(etcd).snapshot());
  };
  expect((await readWith(1)).equals(whole)).to.equal(true);
  expect(tokens.splice(0)).to.deep.equal(["1", "2"]);
  await rejection(readWith(2), "unauthenticated");
  expect(tokens.splice(0)).to.deep.equal(["1", "2"]);
  await rejection(readWith(0, parts.slice(0, 2)), "unauthenticated");
  expect(tokens).to.deep.equal(["1"]);
});

test("timeoutMs is for the first part; after that there is no hurry", async () => {
  const silent = scene([], "silence");
  const late = rejection(read(silent.snapshot({ timeoutMs: 500 })), "timeout");
  await silent.platform.pass(500);
  expect((await late).message).to.contain("within 500 ms");
  const slow = scene(partsOf(database, digest, 32_768).slice(0, 1), "silence");
  const reader = slow.snapshot({ timeoutMs: 500 }).getReader();
  await reader.read();
  await slow.platform.pass(60_000);
  expect([slow.left, slow.platform.timers]).to.deep.equal([false, 0]);
  await reader.cancel();
});

test("what a listener throws is the reader's to see, and ends the snapshot", async () => {
  const wrong = new Error("wrong");
  const found = scene(partsOf(database, digest, 32_768), "silence");
  const onProgress = (): void => {
    throw wrong;
  };
  expect(await reasonOf(read(found.snapshot({ onProgress })))).to.equal(wrong);
  await settle();
  expect(found.left).to.equal(true);
});

test("an endpoint that is none of the client's is refused at once", () => {
  const { snapshot } = scene([]);
  thrown(() => snapshot({ endpoint: "http://localhost:1" }), "invalid-argument");
});
