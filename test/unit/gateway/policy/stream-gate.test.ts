import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { create, type Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { StreamGate } from "../../../../src/gateway/policy/stream-gate.ts";
import { watchCalls } from "../../../../src/gateway/policy/watch-calls.ts";
import {
  Watch,
  type WatchRequest,
  WatchRequestSchema,
  type WatchResponse,
  WatchResponseSchema,
} from "../../../../src/gen/etcdserverpb/watch_pb.ts";
import { Lease } from "../../../../src/proto.ts";

describe("the watches of one call", () => {
  it("are answered in the order they were asked for, those that are refused too", async () => {
    const { seen, asked } = await run(["yes", "no", "yes", "no", "no", "yes"]);
    assert.deepEqual(seen, ["1", "no", "3", "no", "no", "6"]);
    assert.deepEqual(asked, ["1", "3", "6"]);
  });

  it("are answered where the first and the last are refused", async () => {
    assert.deepEqual((await run(["no", "no", "yes", "no"])).seen, ["no", "no", "3", "no"]);
  });

  it("open nothing where all are refused, and end with the reason", async () => {
    const { seen, opened, error } = await run(["no", "no"]);
    assert.deepEqual([seen, opened], [["no", "no"], false]);
    assert.equal(ConnectError.from(error).code, Code.PermissionDenied);
  });

  it("open nothing where none is asked for", async () => {
    const { seen, opened, error } = await run([]);
    assert.deepEqual([seen, opened, error], [[], false, undefined]);
  });

  it("are told the reason as etcd tells its own", async () => {
    const { answers } = await run(["no", "yes"]);
    const { watchId, created, canceled, cancelReason } = answers[0] as WatchResponse;
    assert.deepEqual([watchId, created, canceled], [-1n, true, true]);
    assert.equal(cancelReason, "rpc error: code = PermissionDenied desc = no");
  });

  it("are bounded in number; the others go on", async () => {
    const { seen, answers } = await run(["yes", "yes", "yes", "yes"], { watchesPerCall: 2 });
    assert.deepEqual(seen, ["1", "2", "no", "no"]);
    assert.match((answers[2] as WatchResponse).cancelReason, /code = ResourceExhausted .*limits\.watchesPerCall/);
  });

  it("end with the reason where far more are asked for than are allowed, and the rest is not read", async () => {
    let read = 0;
    const requests = (async function* () {
      for (; read < 100_000; read++) yield watch("no", 1);
    })();
    const gate = new StreamGate(requests, watchCalls(Watch.method.watch, check, 10), unaborted);
    let answered = 0;
    const reading = (async () => {
      for await (const _ of gate.answers(from([]))) answered++;
    })();
    await assert.rejects(reading, { code: Code.ResourceExhausted, message: /limits\.watchesPerCall/ });
    assert.deepEqual([answered, read], [5_010, 5_010]);
  });

  it("may be without a bound: ten times as many take about ten times as long", async () => {
    const msFor = async (count: number): Promise<number> => {
      const began = performance.now();
      const { seen } = await run(Array<string>(count).fill("no"), { watchesPerCall: Infinity });
      assert.equal(seen.length, count);
      return performance.now() - began;
    };
    await msFor(1_000);
    const [few, many] = [await msFor(15_000), await msFor(150_000)];
    assert.ok(many < 30 * few, `${few} ms for 15,000, ${many} ms for 150,000`);
  });

  it("end when what comes cannot be read, though the other side is silent", async () => {
    const { seen, error } = await run(["yes", "broken"], { silent: true });
    assert.deepEqual(seen, []);
    assert.equal(ConnectError.from(error).rawMessage, "broken");
  });

  it("are refused at once where those before them have been answered", async () => {
    const later = Promise.withResolvers<void>();
    const rules = watchCalls(Watch.method.watch, check, 10);
    const gate = new StreamGate(
      (async function* () {
        yield watch("yes", 1);
        await later.promise;
        yield watch("no", 2);
        await new Promise(() => {}); // the request stays open
      })(),
      rules,
      unaborted,
    );
    const answers = gate.answers(behind(gate, { asked: [], silent: false }));
    assert.equal(nameOf((await answers.next()).value), "1");
    const next = answers.next();
    later.resolve();
    assert.equal(nameOf((await next).value), "no");
  });
});

describe("another stream", () => {
  it("ends with its call while its first request is waited for", async () => {
    const call = new AbortController();
    const silent = (async function* (): AsyncGenerator<Message> {
      await new Promise(() => {});
      yield watch("never", 1);
    })();
    const gate = new StreamGate(silent, watchCalls(Lease.method.leaseKeepAlive, check, 10), call.signal);
    const next = gate.answers(behind(gate, { asked: [], silent: true })).next();
    call.abort(new Error("the call is over"));
    await assert.rejects(next, { message: "the call is over" });
  });

  it("ends with the first request that is refused", async () => {
    const rules = watchCalls(Lease.method.leaseKeepAlive, check, 10);
    const gate = new StreamGate(from([watch("yes", 1), watch("no", 2)]), rules, unaborted);
    const asked: string[] = [];
    const answers = gate.answers(behind(gate, { asked, silent: true }));
    await assert.rejects(answers.next(), { rawMessage: "no" });
    assert.deepEqual(asked, ["1"]);
  });
});

const unaborted = new AbortController().signal;

async function run(
  words: readonly string[],
  { watchesPerCall = 10, silent = false }: { watchesPerCall?: number; silent?: boolean } = {},
) {
  const gate = new StreamGate(
    from(words.map((word, index) => watch(word, index + 1))),
    watchCalls(Watch.method.watch, check, watchesPerCall),
    unaborted,
  );
  const asked: string[] = [];
  const answers: Message[] = [];
  let opened = false;
  const upstream = {
    [Symbol.asyncIterator]() {
      opened = true;
      return behind(gate, { asked, silent });
    },
  };
  const error = await (async () => {
    for await (const answer of gate.answers(upstream)) answers.push(answer);
  })().catch((thrown: unknown) => thrown);
  return { answers, seen: answers.map(nameOf), asked, opened, error };
}

/** A server that answers each create in its turn, after its client has said all; or never, and holds the call open. */
async function* behind(
  gate: StreamGate,
  { asked, silent }: { asked: string[]; silent: boolean },
): AsyncGenerator<Message> {
  for await (const request of gate.requests()) {
    const name = idOf(request);
    asked.push(name);
    if (!silent) yield create(WatchResponseSchema, { created: true, watchId: BigInt(name) });
  }
  if (silent) await new Promise(() => {});
}

function check(message: Message): ConnectError | undefined {
  const word = wordOf(message);
  if (word === "broken") throw new ConnectError("broken", Code.InvalidArgument);
  return word === "no" ? new ConnectError("no", Code.PermissionDenied) : undefined;
}

async function* from(messages: readonly Message[]): AsyncGenerator<Message> {
  yield* messages;
}

function watch(word: string, id: number): WatchRequest {
  const value = { key: Buffer.from(word), watchId: BigInt(id) };
  return create(WatchRequestSchema, { requestUnion: { case: "createRequest", value } });
}

function wordOf(message: Message): string {
  const { value } = (message as WatchRequest).requestUnion;
  return Buffer.from((value as { key: Uint8Array }).key).toString();
}

function idOf(message: Message): string {
  return String(((message as WatchRequest).requestUnion.value as { watchId: bigint }).watchId);
}

function nameOf(message: Message): string {
  const { canceled, watchId } = message as WatchResponse;
  return canceled ? "no" : String(watchId);
}
