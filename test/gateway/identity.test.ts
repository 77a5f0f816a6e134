import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { createGateway, type Gateway } from "../../src/gateway/index.ts";
import { createEtcd, type Etcd, type EtcdOptions, passwordAuth } from "../../src/index.ts";
import { KV } from "../../src/proto.ts";
import { type EtcdServer, startEtcd } from "../fixtures/etcd.ts";
import { signIn, turnOnAuth } from "../fixtures/etcd-users.ts";
import { eventually } from "../fixtures/eventually.ts";

const root = { name: "root", password: "r00t" } as const;
const reader = { name: "reader", password: "s3cret" };
const policy = { prefixes: [""], readOnly: false };

/** Against an etcd that knows users, and forgets a token that was not used for a second. */
describe("who a caller is to etcd", { timeout: 120_000 }, () => {
  const parts = new AsyncDisposableStack();
  let etcd: EtcdServer;
  let admin: Etcd;

  before(async () => {
    etcd = parts.use(await startEtcd("3.7", { args: ["--auth-token-ttl=1"] }));
    await turnOnAuth(etcd.address, { root, reader });
    const through = parts.use(await createGateway({ etcd: etcd.address, policy: "open", port: 0 }));
    admin = parts.use(createEtcd({ endpoints: through.url, auth: passwordAuth(root) }));
    await admin.put("config/a", "1");
  });

  after(() => parts.disposeAsync());

  describe("where the gateway signs in", () => {
    let gateway: Gateway;
    before(async () => {
      const auth = passwordAuth(reader);
      gateway = parts.use(await createGateway({ etcd: etcd.address, auth, policy, port: 0 }));
    });

    it("is the gateway's user, who needs no secret and has that user's roles", async () => {
      await using client = open(gateway);
      assert.equal((await client.get("config/a"))?.text(), "1");
      await assert.rejects(client.put("config/a", "2"), { code: "permission-denied" });
      assert.equal((await gateway.health()).healthy, true);
    });

    it("notices nothing of an expired token, and one sign-in serves all", async () => {
      await using client = open(gateway);
      await client.get("config/a");
      await expiry(gateway);
      const before = await signIns(etcd);
      await Promise.all(Array.from({ length: 50 }, () => client.get("config/a")));
      assert.equal((await signIns(etcd)) - before, 1);
    });

    it("notices nothing in a watch and a scan either", async () => {
      const from = (await admin.put("config/b", "1")).revision;
      await expiry(gateway);
      const before = await signIns(etcd);
      const clients = Array.from({ length: 10 }, () => open(gateway));
      const watched = clients.map(async (client) => {
        const events = client.watch({ prefix: "config/" }, { startRevision: from })[Symbol.asyncIterator]();
        const { value } = await events.next();
        await events.return?.();
        return value?.kv.keyText();
      });
      assert.deepEqual(
        await Promise.all(watched),
        clients.map(() => "config/b"),
      );
      assert.equal((await signIns(etcd)) - before, 1);
      await expiry(gateway);
      const keys: string[] = [];
      for await (const kv of clients[0]?.scan({ prefix: "config/" }) ?? []) keys.push(kv.keyText());
      assert.deepEqual(keys, ["config/a", "config/b"]);
      for (const client of clients) await client.close();
      await eventually("the gateway holds no call", async () => (gateway.activeRequests === 0 ? true : undefined));
    });

    it("cannot be anybody else", async () => {
      const token = await signIn(etcd.address, root);
      await using client = open(gateway, { headers: { token } });
      const refused = { code: "permission-denied", message: /signs in to etcd itself: send no token/ };
      await assert.rejects(client.get("config/a"), refused);
      await using other = open(gateway, { headers: { authorization: token } });
      await assert.rejects(other.put("config/a", "2"), { code: "permission-denied" });
      await using third = open(gateway, { auth: passwordAuth(root) });
      await assert.rejects(third.get("config/a"), { message: /nobody else can sign in through it/ });
    });
  });

  it("is told when the gateway cannot sign in, and etcd is not asked for each call", async () => {
    const auth = passwordAuth({ ...reader, password: "wrong" });
    await using gateway = await createGateway({ etcd: etcd.address, auth, policy, port: 0 });
    const kv = createClient(KV, createGrpcWebTransport({ baseUrl: gateway.url }));
    const before = await signIns(etcd);
    const calls = Array.from({ length: 30 }, () => kv.range({ key: Buffer.from("a") }));
    for (const outcome of await Promise.allSettled(calls)) {
      assert.equal(outcome.status, "rejected");
      const { code, rawMessage } = ConnectError.from(outcome.reason);
      assert.equal(code, Code.Unavailable);
      assert.match(rawMessage, /gateway cannot sign in to etcd: .*invalid user/);
    }
    assert.ok((await signIns(etcd)) - before <= 3, "one for all within a second");
    assert.equal((await gateway.health()).healthy, false);
  });

  it("is who their own token says where it does not", async () => {
    await using gateway = await createGateway({ etcd: etcd.address, policy, port: 0 });
    await using nobody = open(gateway);
    await assert.rejects(nobody.get("config/a"), { message: /user name is empty/ });
    await using writer = open(gateway, { auth: passwordAuth(root) });
    await writer.put("config/a", "3");
    await using reading = open(gateway, { auth: passwordAuth(reader) });
    assert.equal((await reading.get("config/a"))?.text(), "3");
    await assert.rejects(reading.put("config/a", "4"), { code: "permission-denied" });
    await assert.rejects(nobody.get("config/a"), { message: /user name is empty/ });
    assert.equal((await gateway.health()).healthy, true, "it answers, though it does not know us");
  });
});

function open(gateway: Gateway, options: Partial<EtcdOptions> = {}): Etcd {
  return createEtcd({ ...options, endpoints: gateway.url } as EtcdOptions);
}

/** Past the life of a token that nobody uses: by etcd's clock, so there is nothing to wait for but time. */
async function expiry(gateway: Gateway): Promise<void> {
  await eventually("no call is open", async () => (gateway.activeRequests === 0 ? true : undefined));
  await sleep(2_500);
}

async function signIns({ address }: EtcdServer): Promise<number> {
  const text = await (await fetch(`http://${address}/metrics`)).text();
  return Number(/^grpc_server_started_total\{grpc_method="Authenticate".*\} (\d+)$/m.exec(text)?.[1] ?? Number.NaN);
}
