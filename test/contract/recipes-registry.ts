import { expect } from "chai";
import { createRegistry, type Endpoints } from "../../src/recipes/index.ts";
import { reasonOf, rejection, thrown, until } from "./expectations.ts";
import type { Suite } from "./suite.ts";

function shown(endpoints: Endpoints): unknown {
  return Object.fromEntries(endpoints);
}

/** The registry of services. */
export const recipesRegistry: Suite = {
  "add() writes what Go's endpoints write; list() reads it": async ({ etcd, prefix }) => {
    const registry = createRegistry(etcd, `${prefix}svc`);
    await registry.add("1", { address: "10.0.0.1:80" });
    await registry.add("a/2", { address: "10.0.0.2:80", metadata: { zone: "b" } });
    expect((await etcd.get(`${prefix}svc/1`))?.text()).to.equal('{"Op":0,"Addr":"10.0.0.1:80","Metadata":null}');
    expect((await etcd.get(`${prefix}svc/a/2`))?.json()).to.deep.equal({
      Op: 0,
      Addr: "10.0.0.2:80",
      Metadata: { zone: "b" },
    });
    expect(shown(await registry.list())).to.deep.equal({
      "1": { address: "10.0.0.1:80" },
      "a/2": { address: "10.0.0.2:80", metadata: { zone: "b" } },
    });
    await registry.remove("1");
    await registry.remove("1");
    expect([...(await registry.list()).keys()]).to.deep.equal(["a/2"]);
  },

  "list() passes over what is none": async ({ etcd, prefix }) => {
    const registry = createRegistry(etcd, `${prefix}svc`);
    await registry.add("good", { address: "a:1" });
    const garbage = ["", "{", "null", "7", '"text"', "[]", "{}", '{"Addr":7}', '{"Op":0,"Addr":""}'];
    for (const [i, value] of garbage.entries()) await etcd.put(`${prefix}svc/garbage-${i}`, value);
    await etcd.put(Uint8Array.of(...new TextEncoder().encode(`${prefix}svc/`), 0xff), '{"Addr":"b:1"}');
    await etcd.put(`${prefix}svc2/other`, '{"Addr":"c:1"}');
    expect(shown(await registry.list())).to.deep.equal({ good: { address: "a:1" } });
  },

  "add() with a lease goes with it": async ({ etcd, prefix }) => {
    const registry = createRegistry(etcd, `${prefix}svc`);
    const lease = await etcd.lease({ ttlSeconds: 60 });
    await registry.add("1", { address: "a:1" }, { lease });
    await lease.close();
    expect((await registry.list()).size).to.equal(0);
  },

  "add() refuses what cannot be": async ({ etcd, prefix }) => {
    thrown(() => createRegistry(etcd, ""), "invalid-argument");
    const registry = createRegistry(etcd, `${prefix}svc`);
    await rejection(registry.add("", { address: "a:1" }), "invalid-argument");
    await rejection(registry.add("1", { address: "" }), "invalid-argument");
    await rejection(registry.add("1", { address: "a:1", metadata: { n: 1n } }), "invalid-argument");
  },

  "watch() of a registry gives the whole map, now and after every change": async ({ etcd, client, prefix }) => {
    const registry = createRegistry(etcd, `${prefix}svc`);
    const maps = createRegistry(client(), `${prefix}svc`).watch()[Symbol.asyncIterator]();
    const next = async (): Promise<unknown> => shown((await maps.next()).value);
    expect(await next()).to.deep.equal({});
    await registry.add("1", { address: "a:1" });
    expect(await next()).to.deep.equal({ 1: { address: "a:1" } });
    await etcd.put(`${prefix}svc/garbage`, "{");
    await registry.add("2", { address: "b:1" });
    expect(await next()).to.deep.equal({ 1: { address: "a:1" }, 2: { address: "b:1" } });
    await etcd.put(`${prefix}svc/1`, "no endpoint any more");
    expect(await next()).to.deep.equal({ 2: { address: "b:1" } });
    await registry.remove("2");
    expect(await next()).to.deep.equal({});
    await maps.return?.();
  },

  "watch() of a registry goes on through a compaction": async ({ etcd, client, prefix, compact }) => {
    const registry = createRegistry(etcd, `${prefix}svc`);
    await registry.add("1", { address: "a:1" });
    const maps = createRegistry(client(), `${prefix}svc`).watch()[Symbol.asyncIterator]();
    await maps.next();
    await registry.remove("1");
    await registry.add("2", { address: "b:1" });
    await compact((await etcd.put(`${prefix}other`, "")).revision);
    await registry.add("3", { address: "c:1" });
    await until("the newest", async () => {
      const { value } = await maps.next();
      return JSON.stringify([...(value as Endpoints).keys()]) === '["2","3"]';
    });
    await maps.return?.();
  },

  "watch() of a registry ends with the reason of its signal": async ({ etcd, prefix }) => {
    const abort = new AbortController();
    const maps = createRegistry(etcd, `${prefix}svc`).watch({ signal: abort.signal })[Symbol.asyncIterator]();
    await maps.next();
    const pending = reasonOf(maps.next());
    const reason = new Error("enough");
    abort.abort(reason);
    expect(await pending).to.equal(reason);
  },
};
