import "./etcd-web-sources.ts";
import { describe, it } from "node:test";
import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { expect } from "chai";
import { createEtcd, type Etcd } from "../../../src/index.ts";
import { createMemoryEtcd } from "../../../src/memory/index.ts";

const { planRestore, restore } = await import("../../../playground/src/panels/history/restore.ts");

describe("restoring a range", () => {
  it("takes as many transactions as its bytes need", async () => {
    await using parts = await begin();
    const { etcd } = parts;
    const keys = Array.from({ length: 20 }, (_, index) => `conf/${index}`);
    for (const key of keys) await etcd.put(key, `${key} ${"a".repeat(100_000)}`);
    const { revision } = await etcd.range("conf/0");
    for (const key of keys) await etcd.put(key, "broken");
    const { steps } = await planRestore(etcd, { prefix: "conf/" }, revision);
    expect(await restore(etcd, steps)).to.equal(true);
    for (const key of keys) expect((await etcd.get(key))?.text()).to.equal(`${key} ${"a".repeat(100_000)}`);
  });

  it("halves what a server with lower limits refuses", async () => {
    await using parts = await begin(2);
    const { etcd } = parts;
    for (const key of ["a", "b", "c", "d", "e"]) await etcd.put(key, "1");
    const { revision } = await etcd.range("a");
    await etcd.delete({ all: true });
    const { steps } = await planRestore(etcd, { all: true }, revision);
    expect(await restore(etcd, steps)).to.equal(true);
    expect(await etcd.count({ all: true })).to.equal(5);
  });

  it("stops where somebody has changed a key meanwhile", async () => {
    await using parts = await begin();
    const { etcd } = parts;
    await etcd.put("a", "1");
    const { revision } = await etcd.put("b", "1");
    await etcd.delete({ all: true });
    const { steps } = await planRestore(etcd, { all: true }, revision);
    await etcd.put("b", "theirs");
    expect(await restore(etcd, steps)).to.equal(false);
    expect(await etcd.get("a")).to.equal(undefined);
    expect((await etcd.get("b"))?.text()).to.equal("theirs");
  });
});

/** An etcd that takes so many operations in a transaction. */
async function begin(maxOps = 128): Promise<AsyncDisposable & { readonly etcd: Etcd }> {
  const parts = new AsyncDisposableStack();
  const { transport } = parts.use(createMemoryEtcd());
  const limited: Transport = {
    ...transport,
    unary(method, signal, timeoutMs, header, message, values) {
      if (((message as { success?: unknown[] }).success?.length ?? 0) > maxOps) {
        throw new ConnectError("etcdserver: too many operations in txn request", Code.InvalidArgument);
      }
      return transport.unary(method, signal, timeoutMs, header, message, values);
    },
  };
  const etcd = parts.use(createEtcd({ transport: limited }));
  return { etcd, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
