import { expect } from "chai";
import type { ConnectionState, Etcd, Watch } from "../../src/index.ts";
import { createFaultyFetch } from "../fixtures/faulty-fetch.ts";
import { rejection, until } from "./expectations.ts";
import { expectAll, follow } from "./follow.ts";
import { History } from "./history.ts";
import type { Suite } from "./suite.ts";
import { startWriter, writeMany } from "./writer.ts";

const path = "/etcdserverpb.Watch/Watch";

/** What a watch delivers when its link breaks. The breaks are made at fetch: only for targets that are reached by it. */
export const watchFaults: Suite = {
  "watch() of a long history is whole, cut after created, after the first batch, and inside the second": async ({
    etcd,
    client,
    prefix,
  }) => {
    const faulty = createFaultyFetch();
    const history = new History();
    await writeMany(etcd, prefix, 1_101, history);
    faulty.cutAfterCreated({ path });
    faulty.cutAfterBytes(20_000, { path });
    faulty.cutAfterFrames(2, { path });
    faulty.cutAfterBytes(500, { path });
    const [first] = history.since(0n);
    const watch = client({ fetch: faulty.fetch }).watch({ prefix }, { startRevision: first?.revision ?? 0n });
    await expectAll(follow(watch), history, 0n);
    expect(faulty.cuts).to.equal(4);
  },

  "watch() is whole while a writer goes on and its stream breaks in every way there is": async (context) => {
    const { etcd, client, prefix } = context;
    const faulty = createFaultyFetch();
    const history = new History();
    await using writer = startWriter(etcd, prefix, history, Math.random);
    faulty.cutAfterCreated({ path });
    faulty.cutAfterFrames(5, { path, how: "end" });
    faulty.cutAfterBytes(300, { path, how: "page" });
    const watch = client({ fetch: faulty.fetch }).watch({ prefix });
    const got = follow(watch);
    const first = await watch.opened;
    await until("every cut has happened", () => faulty.cuts === 3);
    const written = history.length;
    await until("more is written", () => history.length > written + 10);
    await writer.stop();
    await expectAll(got, history, first);
  },

  "watch() outlives a proxy without etcd and one that answers with a page, and connection says so": async (context) => {
    const { etcd, client, prefix } = context;
    const faulty = createFaultyFetch();
    const faultyEtcd = client({ fetch: faulty.fetch });
    const history = new History();
    const watch = faultyEtcd.watch({ prefix });
    const got = follow(watch);
    const first = await watch.opened;
    for (const [reply, code] of [
      [{ status: 503 }, "unavailable"],
      [{ status: 200, headers: { "content-type": "text/html" }, body: "<!doctype html>" }, "not-grpc-web"],
    ] as const) {
      faulty.answer(reply);
      faulty.cut();
      expect((await reconnecting(faultyEtcd, `answered ${reply.status}`)).reason.code).to.equal(code);
      await writeMany(etcd, prefix, 3, history);
      faulty.mend();
      await until("live again", () => faultyEtcd.connection.state.state === "live");
    }
    await expectAll(got, history, first);
  },

  "watch() and ready() wait for a server that cannot be reached": async ({ etcd, client, prefix }) => {
    const faulty = createFaultyFetch();
    const faultyEtcd = client({ fetch: faulty.fetch });
    faulty.refuse();
    const ready = faultyEtcd.ready({ timeoutMs: 60_000 });
    const watch = faultyEtcd.watch({ prefix });
    const got = follow(watch);
    const opened = watch.opened;
    await reconnecting(faultyEtcd, "could not be reached");
    faulty.mend();
    expect((await ready).clusterId > 0n).to.equal(true);
    const first = await opened;
    const history = new History();
    await writeMany(etcd, prefix, 3, history);
    await expectAll(got, history, first);
  },

  "close() and a signal end a watch whose stream has fallen silent, and leave nothing": async ({ client, prefix }) => {
    const faulty = createFaultyFetch();
    const faultyEtcd = client({ fetch: faulty.fetch });
    const abort = new AbortController();
    for (const end of [(watch: Watch) => watch.close(), async () => abort.abort(new Error("enough"))]) {
      faulty.cutAfterCreated({ path, how: "stall" });
      const watch = faultyEtcd.watch({ prefix }, { signal: abort.signal });
      await watch.opened;
      await end(watch);
      await until("nothing is open", () => faulty.openStreams === 0);
    }
    await rejection(faultyEtcd.get(prefix, { signal: abort.signal }), "aborted");
  },
};

type Reconnecting = Extract<ConnectionState, { state: "reconnecting" }>;

/** The state once it says this; the first reason may be the cut itself. */
async function reconnecting({ connection }: Etcd, says: string): Promise<Reconnecting> {
  for await (const now of connection) {
    if (now.state === "reconnecting" && now.reason.message.includes(says)) return now;
  }
  throw new Error("the client was closed");
}
