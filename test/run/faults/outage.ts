import { expect } from "chai";
import type { ConnectionState, Etcd, WatchBatch } from "../../../src/index.ts";
import { rejection, take, until } from "../../contract/expectations.ts";
import { expectChanges, History, putOf } from "../../contract/history.ts";
import type { FaultProxy } from "../../fixtures/fault-proxy.ts";
import { type FaultCase, path, type Scene } from "./scene.ts";

/** A way for nothing to get through, and what a client says of it. */
interface Outage {
  begin(proxy: FaultProxy): void;
  readonly code: string;
  readonly says: RegExp;
}

const html = { status: 200, headers: { "content-type": "text/html" }, body: "<!doctype html><title>Sign in</title>" };

const outages: Readonly<Record<string, Outage>> = {
  "a proxy that answers 503": {
    begin: (proxy) => proxy.answer({ status: 503, body: "no healthy upstream" }),
    code: "unavailable",
    says: /answered 503/,
  },
  "a page of HTML in every answer's place": {
    begin: (proxy) => proxy.answer(html),
    code: "not-grpc-web",
    says: /answered 200 with text\/html/,
  },
  "a closed port": {
    begin: (proxy) => proxy.refuse(),
    code: "unavailable",
    says: /could not be reached \(ECONNREFUSED\)/,
  },
  "connections that are reset at once": {
    begin: (proxy) => proxy.refuse("reset"),
    code: "unavailable",
    says: /could not be reached \(ECONNRESET\)|connection was lost/,
  },
};

/** A watch comes back by itself when whatever was wrong is over, and says meanwhile what it is. */
export const outage: Readonly<Record<string, FaultCase>> = {
  ...Object.fromEntries(
    Object.entries(outages).map(([name, each]): [string, FaultCase] => [
      `watch() outlives ${name}; connection says why and when; nothing is lost`,
      (scene) => expectReturn(scene, each),
    ]),
  ),

  "ready() waits for a port that is closed, and for a proxy that has no etcd": async ({ etcd, proxy }) => {
    for (const each of ["a closed port", "a proxy that answers 503"]) {
      outages[each]?.begin(proxy);
      const ready = etcd.ready({ timeoutMs: 60_000 });
      let isReady = false;
      void ready.then(() => {
        isReady = true;
      });
      await rejection(etcd.get("a"), "unavailable");
      expect(isReady).to.equal(false);
      await proxy.mend();
      expect((await ready).clusterId > 0n).to.equal(true);
    }
  },

  "ready() is a timeout that says what came last where the port stays closed": async ({ etcd, proxy }) => {
    proxy.refuse();
    const error = await rejection(etcd.ready({ timeoutMs: 500 }), "timeout");
    expect(error.message).to.contain("ECONNREFUSED");
  },

  "watch() with a time-out that opens on a stalled link is a timeout": async ({ etcd, proxy, prefix }) => {
    proxy.stall("downstream");
    await rejection(take(etcd.watch({ prefix }, { timeoutMs: 500 }), 1), "timeout");
    await proxy.mend();
  },

  "watch() notices a link that stalls without closing by its missing bookmarks, and loses nothing": async (scene) => {
    const { etcd, direct, proxy, prefix } = scene;
    const history = new History();
    const watch = etcd.watch({ prefix }, { progress: true });
    const first = await watch.opened;
    await direct.put(`${prefix.slice(0, -1)}-other`, ""); // bookmarks begin when the store has moved on
    const reader = watch.batches()[Symbol.asyncIterator]();
    for (let bookmarks = 0; bookmarks < 3; bookmarks++) expect((await reader.next()).value?.events).to.deep.equal([]);

    proxy.stall("both", { spareNew: true });
    history.add((await direct.put(`${prefix}meanwhile`, "")).revision, [putOf(`${prefix}meanwhile`, "")]);
    const batches: WatchBatch[] = [];
    while (batches.length === 0) {
      const { value } = await reader.next();
      if (value && value.events.length > 0) batches.push(value);
    }
    expectChanges(batches, history.since(first));
    await reader.return?.();
    await proxy.mend();
  },

  "watch() that is left while its link is stalled is gone from the server when the link is back": async (scene) => {
    const { etcd, proxy, prefix } = scene;
    const watch = etcd.watch({ prefix });
    await watch.opened;
    proxy.stall("both");
    await watch.close();
    expect(etcd.connection.state.state).to.equal("idle");
    await proxy.mend();
  },
};

async function expectReturn({ etcd, direct, proxy, prefix }: Scene, { begin, code, says }: Outage): Promise<void> {
  const history = new History();
  const write = async (name: string): Promise<void> => {
    history.add((await direct.put(prefix + name, "")).revision, [putOf(prefix + name, "")]);
  };
  const watch = etcd.watch({ prefix });
  const got = take(watch.batches(), 3);
  const first = await watch.opened;
  await write("before");
  await until("the watch is live", () => etcd.connection.state.state === "live");

  begin(proxy);
  proxy.cut();
  const state = await untilItSays(etcd, says);
  expect(state.reason.code).to.equal(code);
  expect(state.attempt).to.be.greaterThan(1);
  expect(state.nextRetryAt).to.be.instanceOf(Date);
  await write("meanwhile");
  expect(etcd.connection.state.state).to.equal("reconnecting");

  await proxy.mend();
  await until("the watch is live again", () => etcd.connection.state.state === "live");
  await write("after");
  expectChanges(await got, history.since(first));
  expect(proxy.requests.some((request) => request.path === path)).to.equal(true);
}

/** The first error may be the cut itself; what follows is the outage's own. */
async function untilItSays(
  { connection }: Etcd,
  says: RegExp,
): Promise<Extract<ConnectionState, { state: "reconnecting" }>> {
  for await (const state of connection) {
    if (state.state === "reconnecting" && says.test(state.reason.message) && state.attempt > 1) return state;
  }
  throw new Error("the client was closed");
}
