import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { toKey } from "../../../src/base/range.ts";
import { KV } from "../../../src/gen/etcdserverpb/kv_pb.ts";
import { runJob } from "../run-job.ts";

interface Args {
  readonly etcd: string;
  readonly prefix: string;
  readonly writes: number;
  /** Puts of one write: more than one make a transaction. */
  readonly puts: number;
  /** How many different ones; 1,000 unless told. */
  readonly keys?: number;
  /** 100 unless told. */
  readonly valueBytes?: number;
}

/** The history that was written. */
export interface Written {
  readonly firstRevision: number;
}

const inFlight = 64;

await runJob(async ({ etcd, prefix, writes, puts, keys = 1_000, valueBytes = 100 }: Args): Promise<Written> => {
  const client = createClient(KV, createGrpcTransport({ baseUrl: etcd }));
  const { header } = await client.range({ key: toKey(prefix), countOnly: true });
  const value = new Uint8Array(valueBytes).fill(120);
  let begun = 0;
  const put = (i: number) => ({ key: toKey(`${prefix}${i % keys}`), value });
  const write = (i: number): Promise<unknown> => {
    if (puts === 1) return client.put(put(i));
    const requests = Array.from({ length: puts }, (_, n) => ({
      request: { case: "requestPut" as const, value: put(i * puts + n) },
    }));
    return client.txn({ success: requests });
  };
  const writer = async (): Promise<void> => {
    while (begun < writes) await write(begun++);
  };
  await Promise.all(Array.from({ length: inFlight }, writer));
  return { firstRevision: Number(header?.revision ?? 0n) + 1 };
});
