import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { toKey } from "../../../src/base/range.ts";
import { KV } from "../../../src/gen/etcdserverpb/kv_pb.ts";
import type { Contender } from "../contenders/contender.ts";

/** Where and how often it is put. */
export interface LatencyArgs {
  readonly envoy: string;
  readonly key: string;
  readonly puts: number;
}

/** Milliseconds from the call of each put to its event; the put is the same for everyone, through Envoy. */
export async function latencies(contender: Contender, { envoy, key, puts }: LatencyArgs): Promise<number[]> {
  const kv = createClient(KV, createGrpcWebTransport({ baseUrl: envoy }));
  let seen = (): void => {};
  const stop = await contender.open([{ key }], () => seen());
  const taken: number[] = [];
  for (let i = 0; i < puts; i++) {
    const begun = performance.now();
    const event = new Promise<void>((resolve) => {
      seen = resolve;
    });
    const put = kv.put({ key: toKey(key), value: new Uint8Array(100) });
    await event;
    taken.push(performance.now() - begun);
    await put;
  }
  stop();
  return taken.slice(puts / 5); // the first ones warm up
}
