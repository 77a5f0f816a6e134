import { after, before, suite, test } from "node:test";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { expect } from "chai";
import { createGateway, type Gateway } from "../../src/gateway/index.ts";
import { createEtcd, type Etcd } from "../../src/index.ts";
import { WatchCreateRequest_FilterType as Filter, KV, Watch, type WatchResponse } from "../../src/proto.ts";
import { until } from "../contract/expectations.ts";
import { type EtcdServer, progressNotifyInterval, startEtcd } from "../fixtures/etcd.ts";
import { type GrpcProxy, startGrpcProxy } from "../fixtures/grpc-proxy.ts";
import { type Ask, follow, watchCalls } from "./gateway/follow.ts";

/** More than two responses of the past. */
const many = 2_400;

for (const version of ["3.5", "3.7"] as const) {
  suite(`the gateway to grpc-proxy ${version}`, () => {
    let etcd: EtcdServer;
    let proxy: GrpcProxy;
    let gateway: Gateway;
    let client: Etcd;
    /** How many watches grpc-proxy has for itself. */
    let own = 0;
    before(async () => {
      etcd = await startEtcd(version, { args: [progressNotifyInterval(version, "500ms")] });
      proxy = await startGrpcProxy(etcd);
      gateway = await createGateway({ etcd: proxy.address, policy: "open", port: 0 });
      client = createEtcd({ endpoints: gateway.url });
      await client.ready();
      await until("grpc-proxy watches", async () => (await etcd.watchers()) > 0);
      own = await etcd.watchers();
    });
    after(async () => {
      await client?.close();
      await gateway?.close();
      await proxy?.[Symbol.asyncDispose]();
      await etcd?.stop();
    });
    const watch = (asks: readonly Ask[]): AsyncDisposable & { readonly responses: WatchResponse[] } =>
      follow((requests, signal) => createClient(Watch, client.transport).watch(requests, { signal }), asks);

    test("watches are confirmed in the page's order, under its ids", async () => {
      await client.put("ids/a", "1");
      const asks = [
        { key: "ids/a", watchId: 7n },
        { key: "ids/b" },
        { key: "ids/z", rangeEnd: "ids/a", watchId: 8n }, // empty
        { key: "ids/a", watchId: 7n }, // in use
        { key: "ids/c", watchId: 3n },
        { key: "ids/d" },
      ];
      await using following = watch(asks);
      const { responses } = following;
      await until("every one is answered", () => responses.filter(({ created }) => created).length === asks.length);
      const answers = responses.filter(({ created }) => created);
      expect(answers.map(({ watchId }) => watchId)).to.deep.equal([7n, 0n, -1n, -1n, 3n, 1n]);
      expect(answers.map(({ canceled }) => canceled)).to.deep.equal([false, false, true, true, false, false]);
      for (const key of ["ids/d", "ids/b", "ids/c", "ids/a"]) await client.put(key, key);
      const events = (): string[] =>
        responses.flatMap(({ watchId, events }) =>
          events.map(({ kv }) => `${watchId} ${new TextDecoder().decode(kv?.value)}`),
        );
      await until("all have heard", () => events().length === 4);
      expect(events().toSorted()).to.deep.equal(["0 ids/b", "1 ids/d", "3 ids/c", "7 ids/a"]);
    });

    test("watches from the past lose nothing to equal ones that have read it, or read it too", async () => {
      const first = (await client.put("past/0", "")).revision;
      const range = { key: "past/", rangeEnd: "past0" };
      await using early = watch([{ ...range, startRevision: first, watchId: 1n }]);
      await writeMany(etcd, "past/", many);
      await until("the early watch has heard all", () => eventsOf(early).length === many + 1);
      const half = first + BigInt(many / 2);
      await using others = watch([
        { ...range, startRevision: first, watchId: 1n },
        { ...range, startRevision: first, watchId: 2n, filters: [Filter.NODELETE] },
        { ...range, startRevision: half, watchId: 3n },
        { ...range, startRevision: half, watchId: 4n, filters: [Filter.NOPUT] },
        { key: "past/1", startRevision: first, watchId: 5n },
      ]);
      await client.delete("past/0");
      const counts = { 1: many + 2, 2: many + 1, 3: many / 2 + 2, 4: 1, 5: many / 50 };
      for (const [id, count] of Object.entries(counts)) {
        await until(`watch ${id} has heard all`, () => eventsOf(others, BigInt(id)).length >= count);
        const revisions = eventsOf(others, BigInt(id)).map(({ kv }) => kv?.modRevision ?? 0n);
        expect(revisions, `of watch ${id}`).to.deep.equal(revisions.toSorted((a, b) => Number(a - b)));
        expect(new Set(revisions), `of watch ${id}`).to.have.property("size", count);
      }
      expect(eventsOf(others).filter(({ prevKv }) => prevKv !== undefined)).to.deep.equal([]);
      await until("etcd holds one for equal ones again", async () => (await etcd.watchers()) === own + 2);
    });

    test("fifty equal watches of fifty pages cost etcd one", async () => {
      await until("nothing of before is left", async () => (await etcd.watchers()) === own);
      const { revision } = await client.put("equal/a", "1");
      await using stack = new AsyncDisposableStack();
      const pages = Array.from({ length: 50 }, () => stack.use(createEtcd({ endpoints: gateway.url })));
      const watches = pages.map((page) => page.watch({ prefix: "equal/" }, { startRevision: revision + 1n }));
      await Promise.all(watches.map((each) => each.opened));
      const heard = Promise.all(
        watches.map(async (each) => (await each[Symbol.asyncIterator]().next()).value?.kv.keyText()),
      );
      await client.put("equal/b", "2");
      expect(new Set(await heard)).to.deep.equal(new Set(["equal/b"]));
      await until("etcd holds one watch more", async () => (await etcd.watchers()) === own + 1);
      await stack.disposeAsync();
      await until("etcd holds none of them", async () => (await etcd.watchers()) === own);
    });

    test("a canceled watch is over, and the others go on", async () => {
      await client.put("gone/a", "1");
      const { revision } = await client.put("gone/a", "2");
      await client.compact(revision);
      await using following = watch([
        { key: "gone/a", startRevision: 2n, watchId: 1n },
        { key: "gone/b", watchId: 2n },
      ]);
      const canceled = (): WatchResponse | undefined => following.responses.find((each) => each.canceled);
      await until("the first is canceled", () => canceled() !== undefined);
      expect([canceled()?.watchId, canceled()?.compactRevision]).to.deep.equal([1n, revision]);
      await client.put("gone/b", "1");
      await until("the second has heard", () => eventsOf(following, 2n).length === 1);
    });
  });
}

suite("the gateway to etcd itself", () => {
  test("carries the watches of a page in one call, and asks what it is once", async () => {
    await using etcd = await startEtcd("3.7");
    await using gateway = await createGateway({ etcd: etcd.address, policy: "open", port: 0 });
    for (let page = 1; page <= 3; page++) {
      await using client = createEtcd({ endpoints: gateway.url });
      const watches = Array.from({ length: 100 }, (_, i) => client.watch(`k${i}`));
      await Promise.all(watches.map(({ opened }) => opened));
      expect(await watchCalls(etcd)).to.equal(1 + page);
      expect(await etcd.watchers()).to.equal(100);
      await client.close();
      await until("etcd holds none", async () => (await etcd.watchers()) === 0);
    }
  });
});

function eventsOf(
  { responses }: { readonly responses: readonly WatchResponse[] },
  watchId?: bigint,
): WatchResponse["events"] {
  return responses.filter((each) => watchId === undefined || each.watchId === watchId).flatMap(({ events }) => events);
}

/** Past every proxy. */
async function writeMany({ address }: EtcdServer, prefix: string, count: number): Promise<void> {
  const kv = createClient(KV, createGrpcTransport({ baseUrl: `http://${address}` }));
  for (let begun = 0; begun < count; begun += 50) {
    const keys = Array.from({ length: 50 }, (_, i) => new TextEncoder().encode(`${prefix}${i}`));
    await Promise.all(keys.map((key) => kv.put({ key })));
  }
}
