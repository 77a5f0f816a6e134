import { performance } from "node:perf_hooks";
import { createClient } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { toKey } from "../../../src/base/range.ts";
import { KV } from "../../../src/gen/etcdserverpb/kv_pb.ts";
import type { Place } from "../contenders/contender.ts";
import { type ContenderName, createContender } from "../contenders/contenders.ts";
import { runJob } from "../run-job.ts";

interface Args {
  readonly place: Place;
  readonly contender: ContenderName;
  readonly puts: number;
}

/** Milliseconds from the call of each put to its event; the put is the same for everyone, through Envoy. */
await runJob(async ({ place, contender: name, puts }: Args): Promise<number[]> => {
  const contender = await createContender(name, place);
  const kv = createClient(KV, createGrpcWebTransport({ baseUrl: place.envoy }));
  const key = `latency/${name}`;
  let seen = (): void => {};
  const stop = await contender.open([{ key }], () => seen());
  const latencies: number[] = [];
  for (let i = 0; i < puts; i++) {
    const begun = performance.now();
    const event = new Promise<void>((resolve) => {
      seen = resolve;
    });
    const put = kv.put({ key: toKey(key), value: new Uint8Array(100) });
    await event;
    latencies.push(performance.now() - begun);
    await put;
  }
  stop();
  return latencies.slice(puts / 5); // the first ones warm up
});
