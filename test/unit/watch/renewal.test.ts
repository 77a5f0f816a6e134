import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "chai";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import type { Etcd } from "../../../src/index.ts";
import { createFakePlatform } from "../support/fake-platform.ts";
import { scriptEtcd } from "../support/scripted-etcd.ts";
import { confirm, denied, event, lost } from "../support/watch-scene.ts";

const stale = new ConnectError("etcdserver: invalid auth token", Code.Unauthenticated);
const wrongPassword = new ConnectError(
  "etcdserver: authentication failed, invalid user ID or password",
  Code.InvalidArgument,
);

/** A client that numbers its tokens, and how often it asked for another. */
function scene() {
  const [server, platform] = [scriptEtcd(), createFakePlatform()];
  let tokens = 0;
  const auth = { token: async () => `${tokens}`, renew: async () => `${++tokens}` };
  const etcd = createEtcdOn(platform, { transport: server.transport, auth });
  return { server, platform, etcd, renewals: () => tokens };
}

/** What a watch gives, then how it failed. */
function follow(etcd: Etcd): readonly unknown[] {
  const seen: unknown[] = [];
  void (async () => {
    for await (const { revision } of etcd.watch("a", { startRevision: 11n }).batches()) seen.push(revision);
  })().catch((error) => seen.push(error.code));
  return seen;
}

// A token that was good may have expired again, or be unknown to a member that has just restarted.
for (const [name, ends, outcome, renewals] of [
  ["refused, then accepted", [stale], 11n, 1],
  ["refused, lost for a while, and refused again", [stale, lost, lost, stale, lost, stale], 11n, 3],
  ["refused by two members one after the other", [stale, stale], 11n, 2],
  ["refused whatever token it has", Array(20).fill(stale), "unauthenticated", 3],
  ["refused as an old etcd refuses an expired token", [denied], 11n, 1],
  ["refused for its password", Array(20).fill(wrongPassword), "unauthenticated", 0],
  ["refused for good", [denied, denied], "permission-denied", 1],
] as const) {
  test(`a watch that is ${name}: ${outcome === 11n ? "goes on" : "ends"}`, async () => {
    const { server, platform, etcd, renewals: made } = scene();
    const seen = follow(etcd);
    await platform.pass(0);
    for (const end of ends) {
      server.streams.at(-1)?.end(end);
      await platform.pass(10_000);
    }
    confirm(server.streams.at(-1));
    server.streams.at(-1)?.send(event(1n, 11n));
    await platform.pass(0);
    expect([seen, made()]).to.deep.equal([[outcome], renewals]);
    await etcd.close();
  });
}

test("a watch outlives a member that lags, and knows no new token for fifteen seconds", async () => {
  const { server, platform, etcd, renewals } = scene();
  const seen = follow(etcd);
  await platform.pass(0);
  for (let ms = 0; ms < 15_000; ms += 100) {
    const stream = server.streams.at(-1);
    if (stream?.ended === false) stream.end(stale);
    await platform.pass(100);
  }
  await platform.pass(10_000);
  confirm(server.streams.at(-1));
  server.streams.at(-1)?.send(event(1n, 11n));
  await platform.pass(0);
  expect(seen).to.deep.equal([11n]);
  expect(renewals()).to.be.within(4, 12);
  await etcd.close();
});

test("a watch from now on whose start is refused with two tokens, by members that do not know them, goes on", async () => {
  const { server, platform, etcd } = scene();
  server.readErrors.push(stale, stale); // a call is made once more by itself
  const { opened } = etcd.watch("a");
  await platform.pass(10_000);
  confirm(server.streams.at(-1));
  expect(await opened).to.equal(11n);
  await etcd.close();
});
