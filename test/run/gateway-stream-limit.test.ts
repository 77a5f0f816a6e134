import { suite, test } from "node:test";
import { expect } from "chai";
import { createGateway } from "../../src/gateway/index.ts";
import { createEtcd } from "../../src/index.ts";
import { until } from "../contract/expectations.ts";
import { startEtcd } from "../fixtures/etcd.ts";

suite("the gateway to an etcd that takes twenty streams on a connection", () => {
  test("a hundred pages watch through it, and read", async () => {
    await using etcd = await startEtcd("3.7", { args: ["--max-concurrent-streams=20"] });
    await using gateway = await createGateway({ etcd: etcd.address, policy: "open", port: 0 });
    await using stack = new AsyncDisposableStack();
    const pages = Array.from({ length: 100 }, () => stack.use(createEtcd({ endpoints: gateway.url })));
    await Promise.all(pages.map((page) => page.watch("a").opened));
    expect(await etcd.watchers()).to.equal(100);
    await pages[0]?.put("a", "1", { timeoutMs: 5_000 });
    await stack.disposeAsync();
    await until("etcd holds none", async () => (await etcd.watchers()) === 0);
  });
});
