import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Code } from "@connectrpc/connect";
import { createEtcd, type Etcd } from "../../src/index.ts";
import { type GatewayProcess, startGatewayProcess } from "./gateway-process.ts";
import { closedKeys, foreignLease, type Hostile, hostileCalls, hostileFrames, openPrefix } from "./hostile-calls.ts";
import { friend, hostileHeads } from "./hostile-heads.ts";
import { type Outcome, sendRaw } from "./raw.ts";
import { startWitness, type Witness } from "./witness.ts";

const tables: Readonly<Record<string, readonly Hostile[]>> = {
  "calls that ask for too much": hostileCalls(),
  "bodies that are not what they should be": hostileFrames(),
  "heads that can be read in two ways": hostileHeads(),
};

describe("hostile requests", { timeout: 300_000 }, () => {
  const parts = new AsyncDisposableStack();
  let witness: Witness;
  let gateway: GatewayProcess;
  let port: number;

  before(async () => {
    witness = parts.use(await startWitness());
    const policy = { prefixes: [openPrefix], readOnly: false };
    const { address: etcd } = witness.etcd;
    gateway = parts.use(
      await startGatewayProcess({ etcd, policy, port: 0, origins: [friend], limits: { requestMs: 2_000 } }),
    );
    port = gateway.ports[0] ?? 0;
  });

  after(() => parts.disposeAsync());

  it("are more than sixty", () => {
    const all = Object.values(tables).flat();
    assert.ok(all.length >= 60, String(all.length));
    assert.equal(new Set(all.map(({ what }) => what)).size, all.length, "each is another one");
  });

  it("are told from others: what is allowed passes", async () => {
    await using client: Etcd = createEtcd({ endpoints: `http://localhost:${port}` });
    const before = await witness.started();
    const { revision } = await client.put("open/a", "1");
    assert.equal((await client.get("open/a"))?.modRevision, revision);
    await using lease = await client.lease({ ttlSeconds: 60 });
    await client.put("open/b", "2", { lease });
    assert.ok(await lease.keepAliveOnce());
    for await (const event of client.watch({ prefix: "open/" }, { startRevision: revision })) {
      assert.equal(event.kv.keyText(), "open/a");
      break;
    }
    assert.notDeepEqual(await witness.started(), before);
  });

  for (const [title, rows] of Object.entries(tables)) {
    describe(title, () => {
      for (const hostile of rows) {
        it(hostile.what, async () => {
          const before = await witness.started();
          assertTold(await sendRaw(port, hostile.request), hostile);
          assert.deepEqual(await witness.started(), before, "etcd has been called");
        });
      }
    });
  }

  it("have changed nothing, and left nothing open", async () => {
    await witness.assertUntouched(closedKeys, foreignLease);
    assert.equal(await gateway.activeRequests(), 0);
  });

  it("leave nothing behind in memory", async () => {
    const small = Object.values(tables)
      .flat()
      .filter(({ request }) => (request.body?.length ?? 0) < 1_000);
    const round = (): Promise<unknown> => Promise.all(small.map(({ request }) => sendRaw(port, request)));
    for (let i = 0; i < 3; i++) await round();
    const before = await gateway.heldBytes();
    const rounds = 10;
    for (let i = 0; i < rounds; i++) await round();
    const each = ((await gateway.heldBytes()) - before) / (rounds * small.length);
    assert.ok(each < 500, `${each.toFixed(0)} bytes stay for each of ${rounds * small.length} requests`);
  });
});

function assertTold(outcome: Outcome, { told }: Hostile): void {
  if ("http" in told) {
    assert.ok(told.http.includes(outcome.http), outcome.text);
    return;
  }
  assert.equal(outcome.http, 200, outcome.text);
  const codes: readonly (Code | undefined)[] = Array.isArray(told.grpc) ? told.grpc : [told.grpc];
  assert.ok(codes.includes(outcome.grpc), outcome.text);
}
