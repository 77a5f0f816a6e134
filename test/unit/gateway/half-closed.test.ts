import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { createClient, createRouterTransport } from "@connectrpc/connect";
import { throughHalfClosed } from "../../../src/gateway/upstream/half-closed.ts";
import { ServerKind } from "../../../src/gateway/upstream/server-kind.ts";
import { Watch } from "../../../src/proto.ts";
import { createFakePlatform, settle } from "../support/fake-platform.ts";

describe("a half-closed watch", () => {
  it("whose caller leaves while it shows what the server is ends, whatever that is", async () => {
    const probed = Promise.withResolvers<void>();
    const transport = createRouterTransport(({ rpc }) => {
      rpc(Watch.method.watch, async function* (_requests, { signal }) {
        await probed.promise;
        yield { created: true, watchId: 7n }; // as grpc-proxy does
        await new Promise((resolve) => signal.addEventListener("abort", resolve));
      });
    });
    const kind = new ServerKind();
    const through = throughHalfClosed(transport, { clock: createFakePlatform(), kind: () => kind });
    const left = new AbortController();
    const answers = createClient(Watch, through).watch(oneWatch(), { signal: left.signal });
    const outcome = answers[Symbol.asyncIterator]()
      .next()
      .then(
        () => "an answer",
        () => "an end",
      );
    await settle();
    left.abort();
    await settle();
    probed.resolve();
    assert.equal(await Promise.race([outcome, settle()]), "an end");
  });
});

async function* oneWatch() {
  yield { requestUnion: { case: "createRequest" as const, value: { key: Uint8Array.of(1), watchId: 1n } } };
}
