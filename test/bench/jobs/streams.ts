import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { KV } from "../../../src/proto.ts";
import { runJob } from "../run-job.ts";
import { overHttp1, overHttp2, watchBody } from "../streams/raw-streams.ts";

interface Args {
  readonly url: string;
  /** For HTTP/2. */
  readonly caCert?: string;
  readonly etcd: string;
  readonly streams: number;
  readonly puts: number;
}

/** Milliseconds from the call of each put to its event on one of many streams, each of which watches a key of its own. */
await runJob(async ({ url, caCert, etcd, streams, puts }: Args, ready): Promise<number[]> => {
  const open = caCert === undefined ? overHttp1(url) : overHttp2(url, caCert);
  const heard = Array.from({ length: streams }, () => () => {});
  for (let begun = 0; begun < streams; begun += 100) {
    const together = Array.from({ length: Math.min(100, streams - begun) }, (_, i) => begun + i);
    await Promise.all(together.map((i) => opened(i, (tell) => open(watchBody(`stream/${i}`), tell))));
  }
  await sleep(3_000); // for what opening has left behind
  ready();
  await sleep(1_000); // for who weighs the proxy
  const kv = createClient(KV, createGrpcTransport({ baseUrl: etcd }));
  const delays: number[] = [];
  for (let put = 0; put < puts; put++) {
    const i = (put * 7_919) % streams; // far from each other, and no stream twice before the others' turn
    const begun = performance.now();
    const event = new Promise<void>((resolve) => {
      heard[i] = resolve;
    });
    const written = kv.put({ key: new TextEncoder().encode(`stream/${i}`), value: new Uint8Array(100) });
    await event;
    delays.push(performance.now() - begun);
    await written;
  }
  return delays;

  /** The first that comes back is the answer to the create. */
  function opened(i: number, start: (tell: () => void) => void): Promise<void> {
    return new Promise((resolve) => {
      heard[i] = resolve;
      start(() => heard[i]?.());
    });
  }
});
