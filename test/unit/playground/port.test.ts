import { after, describe, it } from "node:test";
import { expect } from "chai";
import { createPortTransport } from "../../../playground/src/port/port-transport.ts";
import { servePort } from "../../../playground/src/port/serve-port.ts";
import { services } from "../../../src/gateway/services.ts";
import type { ConnectionState } from "../../../src/index.ts";
import { createEtcd, type Etcd, isEtcdError } from "../../../src/index.ts";
import { createMemoryEtcd } from "../../../src/memory/index.ts";
import { eventually } from "../../fixtures/eventually.ts";

describe("a Connect transport through a MessagePort", () => {
  const parts = new AsyncDisposableStack();
  const memory = parts.use(createMemoryEtcd());
  const { port1, port2 } = new MessageChannel();
  parts.defer(() => port1.close());
  const asked: string[] = [];
  port2.addEventListener("message", ({ data }) => asked.push(data.kind));
  servePort(port2, { services, transport: () => memory.transport });
  const transport = createPortTransport(port1);
  const etcd: Etcd = parts.use(createEtcd({ transport }));
  after(() => parts.disposeAsync());

  it("carries calls, and errors with their words", async () => {
    await etcd.put("a", "1");
    expect((await etcd.get("a"))?.text()).to.equal("1");
    const error = await etcd.get("a", { revision: 99 }).catch((thrown: unknown) => thrown);
    expect(isEtcdError(error, "future-revision")).to.equal(true);
    expect(isEtcdError(error) && error.reason).to.equal("etcdserver: mvcc: required revision is a future revision");
  });

  it("carries a watch until it is left, and nothing is left behind", async () => {
    const seen: string[] = [];
    for await (const event of etcd.watch("b", { startRevision: (await etcd.put("b", "1")).revision })) {
      seen.push(event.kv.keyText());
      if (seen.length === 2) break;
      await etcd.put("b", "2");
    }
    expect(seen).to.deep.equal(["b", "b"]);
    await comesTo("idle");
    await eventually("the cancel", async () => asked.includes("cancel") || undefined);
  });

  it("keeps a lease alive", async () => {
    await using lease = await etcd.lease({ ttlSeconds: 30 });
    expect(await lease.keepAliveOnce()).to.equal(30);
  });

  it("ends what a page that goes has asked for", async () => {
    const ended = (async () => {
      for await (const _ of etcd.watch("c")) break;
    })();
    await comesTo("live");
    const lost = comesTo("reconnecting"); // for less than a look takes that comes now and then
    port1.postMessage({ kind: "bye" });
    await lost;
    await comesTo("live");
    await etcd.put("c", "1");
    await ended;
  });

  function comesTo(state: ConnectionState["state"]): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const look = (): void => {
      if (etcd.connection.state.state === state) resolve();
    };
    const unsubscribe = etcd.connection.subscribe(look);
    look();
    return promise.finally(unsubscribe);
  }
});
