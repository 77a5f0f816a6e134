import assert from "node:assert/strict";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { createEtcd } from "../../src/index.ts";
import { Lease } from "../../src/proto.ts";
import { type EtcdServer, startEtcd } from "../fixtures/etcd.ts";
import { closedKeys, foreignLease } from "./hostile-calls.ts";

/** A real etcd that tells what reaches it. */
export interface Witness extends AsyncDisposable {
  readonly etcd: EtcdServer;
  /** How many calls it has begun, by method: its own count. */
  started(): Promise<Readonly<Record<string, number>>>;
  /** Asks it, past any gateway, for what hostile callers must not reach. */
  assertUntouched(keys: readonly string[], lease: bigint): Promise<void>;
}

const value = "nobody's business";

/** Starts it, with the closed keys in it, one of them on the foreign lease. */
export async function startWitness(): Promise<Witness> {
  const etcd = await startEtcd("3.7");
  const transport = createGrpcTransport({ baseUrl: `http://${etcd.address}` });
  const client = createEtcd({ transport });
  await client.lease({ ttlSeconds: 600, id: foreignLease, keepAlive: false });
  for (const key of closedKeys) await client.put(key, value, key === "secret/a" ? { lease: foreignLease } : {});
  const { revision } = await client.ready();
  return {
    etcd,
    started: () => readStarted(`http://${etcd.address}/metrics`),
    async assertUntouched(keys, lease) {
      for (const key of keys) {
        const kv = await client.get(key);
        assert.equal(kv?.text(), value, key);
        assert.ok(kv.modRevision <= revision, key);
      }
      const { TTL, keys: attached } = await createClient(Lease, transport).leaseTimeToLive({ ID: lease, keys: true });
      assert.ok(TTL > 0n && TTL < 600n, `the lease was not kept alive: ${TTL} s left`);
      assert.deepEqual(
        attached.map(String),
        [Buffer.from("secret/a")].map((key) => String(Uint8Array.from(key))),
      );
    },
    async [Symbol.asyncDispose]() {
      await client.close();
      await etcd.stop();
    },
  };
}

async function readStarted(url: string): Promise<Readonly<Record<string, number>>> {
  const text = await (await fetch(url)).text();
  const rows = text.matchAll(/^grpc_server_started_total\{(.*)\} (\S+)$/gm);
  const started = Object.fromEntries([...rows].map(([, labels, count]) => [labels, Number(count)]));
  assert.ok(Object.keys(started).length > 0, "etcd counts no calls");
  return started;
}
