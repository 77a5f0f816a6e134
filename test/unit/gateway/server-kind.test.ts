import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import type { OpenWatch } from "../../../src/gateway/upstream/open-watch.ts";
import { ServerKind } from "../../../src/gateway/upstream/server-kind.ts";
import { WatchCreateRequestSchema, WatchResponseSchema } from "../../../src/proto.ts";
import { settle } from "../support/fake-platform.ts";

const like = create(WatchCreateRequestSchema, { key: Uint8Array.of(1) });

describe("what a server is", () => {
  it("is asked by one caller for all", async () => {
    const server = new ServerKind();
    const first = caller();
    const second = caller();
    const answers = [server.keepsIds(first.open, like), server.keepsIds(second.open, like)];
    await settle();
    first.answer();
    assert.deepEqual(await Promise.all(answers), [true, true]);
    assert.deepEqual([first.calls(), second.calls(), await server.keepsIds(second.open, like)], [1, 0, true]);
  });

  it("is asked again by those who waited, where the one who asked has failed: its reason is its own", async () => {
    const server = new ServerKind();
    const [one, two, three] = [caller(), caller(), caller()];
    const failing = server.keepsIds(one.open, like).catch((error: unknown) => error);
    const waiting = [two, three].map(({ open }) => server.keepsIds(open, like));
    await settle();
    const late = new ConnectError("context deadline exceeded", Code.DeadlineExceeded);
    one.fail(late);
    two.answer();
    three.answer();
    assert.deepEqual([await failing, await Promise.all(waiting)], [late, [true, true]]);
    assert.ok(two.calls() + three.calls() >= 1);
  });

  it("stays known where others learn nothing of it", async () => {
    const server = new ServerKind();
    const [one, two, three] = [caller(), caller(), caller()];
    const failing = server.keepsIds(one.open, like).catch(() => {});
    const waiting = [two, three].map(({ open }) => server.keepsIds(open, like));
    await settle();
    one.fail(new ConnectError("gone", Code.Unavailable));
    await settle();
    two.answer();
    await settle();
    three.refuse();
    await Promise.all([failing, ...waiting]);
    const nobody: OpenWatch = () => {
      throw new Error("Asked again");
    };
    assert.equal(await server.keepsIds(nobody, like), true);
  });
});

/** Somebody whose watch is answered, or fails, when the test says. */
function caller() {
  const answered = Promise.withResolvers<void>();
  let canceled = false;
  let calls = 0;
  const open: OpenWatch = async function* (requests) {
    calls++;
    await answered.promise;
    for await (const { requestUnion } of requests) {
      if (requestUnion?.case !== "createRequest") continue;
      yield create(WatchResponseSchema, { created: true, canceled, watchId: requestUnion.value.watchId ?? 0n });
    }
  };
  return {
    open,
    calls: () => calls,
    answer: () => answered.resolve(),
    refuse() {
      canceled = true;
      answered.resolve();
    },
    fail: (error: Error) => answered.reject(error),
  };
}
