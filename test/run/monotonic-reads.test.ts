import { test } from "node:test";
import { createClient } from "@connectrpc/connect";
import { expect } from "chai";
import { createEtcd, type Etcd, type EtcdPlugin, isEtcdError, monotonicReads } from "../../src/index.ts";
import { KV } from "../../src/proto.ts";
import { until } from "../contract/expectations.ts";
import type { ClusterMember } from "../fixtures/cluster-member.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { startSeveredCluster } from "../fixtures/severed-cluster.ts";

test("monotonicReads() asks elsewhere where a lagging member answers, else says unavailable", async () => {
  await using cluster = await startSeveredCluster("3.7");
  const [present, , lagging] = cluster.members as [ClusterMember, ClusterMember, ClusterMember];
  await using ofPresent = await startEnvoy({ etcd: [present.address] });
  await using ofLagging = await startEnvoy({ etcd: [lagging.address] });
  await using client = clientOf(ofPresent, ofLagging, [monotonicReads()]);
  await using plain = clientOf(ofPresent, ofLagging, []);
  await using writer = createEtcd({ endpoints: ofPresent.url });
  const { revision: old } = await writer.put("key", "old");
  await until("the last one has it", async () => (await lagging.status()).revision === old);
  await cluster.leaveBehind(async () => void (await writer.put("key", "new")));
  const { revision: newest } = await read(client.etcd);
  expect(newest > old).to.equal(true);

  for (const each of [client, plain]) await each.leavePresent();
  expect((await read(plain.etcd)).kvs[0]?.text()).to.equal("old");
  client.down = false;
  const requests = client.requests.length;
  const found = await read(client.etcd);
  expect([found.kvs[0]?.text(), found.revision]).to.deep.equal(["new", newest]);
  expect(client.requests.slice(requests)).to.include.members([ofLagging.url, ofPresent.url]);

  await client.leavePresent();
  for (let i = 0; i < 3; i++) {
    const failed = await read(client.etcd).catch((error: unknown) => error);
    expect(isEtcdError(failed, "unavailable"), String(failed)).to.equal(true);
  }
  client.down = false;
  await cluster.mend();
  await until("it reads again", async () => (await read(client.etcd).catch(() => undefined)) !== undefined);
  expect((await client.etcd.range("key")).kvs[0]?.text()).to.equal("new");
});

interface Client extends AsyncDisposable {
  readonly etcd: Etcd;
  /** The first endpoint cannot be reached. */
  down: boolean;
  /** The origins of the requests so far. */
  readonly requests: string[];
  /** Takes the first endpoint away; resolves when the client uses the second. */
  leavePresent(): Promise<void>;
}

function clientOf(first: EnvoyProxy, second: EnvoyProxy, plugins: readonly EtcdPlugin[]): Client {
  const failing: typeof fetch = (input, init) => {
    const { origin } = new URL(String(input));
    client.requests.push(origin);
    return client.down && origin === first.url ? Promise.reject(new TypeError("down")) : fetch(input, init);
  };
  const etcd = createEtcd({ endpoints: [first.url, second.url], fetch: failing, plugins });
  const kv = createClient(KV, etcd.transport); // plugins have no say there
  const client: Client = {
    etcd,
    down: false,
    requests: [],
    leavePresent() {
      client.down = true;
      const request = { key: new TextEncoder().encode("key"), serializable: true };
      return until("the client uses the other", async () => {
        await kv.range(request).catch(() => {});
        return client.requests.at(-1) === second.url;
      });
    },
    [Symbol.asyncDispose]: () => etcd.close(),
  };
  return client;
}

function read(etcd: Etcd): ReturnType<Etcd["range"]> {
  return etcd.range("key", { serializable: true });
}
