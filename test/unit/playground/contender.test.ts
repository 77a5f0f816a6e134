import "./etcd-web-sources.ts";
import { after, describe, it } from "node:test";
import { expect } from "chai";
import { createEtcd } from "../../../src/index.ts";
import { createMemoryEtcd } from "../../../src/memory/index.ts";
import { eventually } from "../../fixtures/eventually.ts";

const { Contender } = await import("../../../playground/src/panels/locks/contender.ts");
type Contender = InstanceType<typeof Contender>;

describe("a client in the panel of locks", () => {
  const parts = new AsyncDisposableStack();
  const { transport } = parts.use(createMemoryEtcd());
  const etcd = parts.use(createEtcd({ transport }));
  after(() => parts.disposeAsync());

  function enter(name: string, line: string, kind: "lock" | "election" = "lock"): Contender {
    const contender = new Contender(name, { kind, name: line, ttlSeconds: 3 }, transport, () => {});
    parts.defer(() => contender.close());
    return contender;
  }

  for (const kind of ["lock", "election"] as const) {
    it(`loses what it holds with its lease, and stands in line again with another (${kind})`, async () => {
      const [ann, ben] = [enter("Ann", kind, kind), enter("Ben", kind, kind)];
      await ann.join();
      const waiting = ben.join();
      const lost = ann.state.lease ?? 0n;
      await etcd.leases.attach(lost, { keepAlive: false }).revoke();
      await waiting;
      expect(ben.state.phase).to.equal("holding");
      await eventually("Ann knows", async () => ann.state.phase === "away" || undefined, 10_000);
      expect([ann.state.lease, ann.state.fencing]).to.deep.equal([undefined, undefined]);
      const again = ann.join();
      await eventually("Ann has a lease", async () => ann.state.lease, 10_000);
      expect(ann.state.lease).not.to.equal(lost);
      await ben.leave();
      await again;
      expect([ann.state.phase, ben.state.phase]).to.deep.equal(["holding", "away"]);
      await ann.leave();
    });
  }

  it("knows at once when it is told that its key is gone, and of no other key", async () => {
    const ann = enter("Ann", "printer");
    await ann.join();
    const [kv] = (await etcd.range({ prefix: "printer/" })).kvs;
    ann.expired(new TextEncoder().encode("printer/another"), 1n);
    expect(ann.state.phase).to.equal("holding");
    await etcd.delete({ prefix: "printer/" });
    ann.expired(kv?.key ?? new Uint8Array(), 2n);
    expect(ann.state.phase).to.equal("away");
    await ann.join();
    expect(ann.state.phase).to.equal("holding");
  });

  it("is gone when its key is, once it has been killed", async () => {
    const ann = enter("Ann", "scanner");
    await ann.join();
    const [kv] = (await etcd.range({ prefix: "scanner/" })).kvs;
    ann.kill();
    ann.expired(kv?.key ?? new Uint8Array(), 1n);
    expect(ann.state.phase).to.equal("gone");
  });
});
