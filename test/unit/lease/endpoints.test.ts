import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { expect } from "chai";
import { LeaseKeepAliveResponseSchema } from "../../../src/gen/etcdserverpb/lease_pb.ts";
import { KeepAlives } from "../../../src/lease/keep-alives.ts";
import type { LeaseContext } from "../../../src/lease/lease-context.ts";
import { createFakePlatform } from "../support/fake-platform.ts";

/** A client of which every sign of life hangs, after so many answers. */
async function hang(answers: number): Promise<{ readonly calls: number; readonly left: number }> {
  const platform = createFakePlatform();
  const found = { calls: 0, left: 0 };
  async function* stream(ids: readonly bigint[]): AsyncIterable<unknown> {
    found.calls++;
    for (const ID of ids.slice(0, answers)) yield create(LeaseKeepAliveResponseSchema, { ID, TTL: 60n });
    await new Promise(() => {});
  }
  const caller = {
    stream: async (_: unknown, requests: Iterable<{ ID: bigint }>) => stream([...requests].map(({ ID }) => ID)),
  } as unknown as LeaseContext["caller"];
  const closed = new AbortController().signal;
  const chooseEndpoint = () => ({ failed: () => void found.left++ });
  const keepAlives = new KeepAlives({
    caller,
    platform,
    timeoutMs: 10_000,
    closed,
    requireLeader: true,
    chooseEndpoint,
  });
  for (const id of [1n, 2n]) keepAlives.add(id, true, { sentAt: platform.now(), ttlSeconds: 60 });
  await platform.pass(35_000);
  return found;
}

test("an endpoint that is silent to a sign of life is left for the next before the next try", async () => {
  expect(await hang(0)).to.deep.equal({ calls: 2, left: 1 });
});

test("an endpoint that answers some of a call is not left", async () => {
  expect(await hang(1)).to.deep.equal({ calls: 2, left: 0 });
});
