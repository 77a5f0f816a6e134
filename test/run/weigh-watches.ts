import { once } from "node:events";
import { performance } from "node:perf_hooks";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { create, toBinary } from "@bufbuild/protobuf";
import { toKeyRange } from "../../src/base/range.ts";
import { createEtcd, type Etcd } from "../../src/index.ts";
import { WatchRequestSchema } from "../../src/proto.ts";
import { Frames } from "../../src/transport/frames.ts";

/** What watches take of a process that does nothing else. */
export interface Weighed {
  /** Bytes of heap for each of 10,000 with a pending read, once open. */
  readonly bytes: number;
  /** Milliseconds to open 1,000, and to have one body of 1,000 creates answered that was made by hand: the best of some. */
  readonly ms: number;
  readonly byHandMs: number;
}

const [url = ""] = process.argv.slice(2);
const weighed: Weighed = { ...(await time()), bytes: await weigh() };
process.send?.(weighed);
await once(process, "disconnect");
process.exit();

async function weigh(): Promise<number> {
  await using etcd = createEtcd({ endpoints: url });
  await open(etcd, 20);
  const before = await settledHeap();
  const many = 10_000;
  await open(etcd, many);
  return ((await settledHeap()) - before) / many;
}

async function open(etcd: Etcd, count: number): Promise<void> {
  const watches = Array.from({ length: count }, (_, i) => etcd.watch(`${count}/${i}`));
  for (const watch of watches) watch[Symbol.asyncIterator]().next().catch(ignore);
  await Promise.all(watches.map((watch) => watch.opened));
}

// The client is closed in the end.
function ignore(): void {}

/** After the time in which streams become one. */
async function settledHeap(): Promise<number> {
  await sleep(3_300);
  for (let i = 0; i < 4; i++) {
    globalThis.gc?.();
    await sleep(20);
  }
  return process.memoryUsage().heapUsed;
}

async function time(): Promise<Omit<Weighed, "bytes">> {
  const [ours, byHand]: [number[], number[]] = [[], []];
  for (let i = 0; i < 20; i++) {
    byHand.push(await took(() => openByHand(1_000)));
    await using etcd = createEtcd({ endpoints: url });
    ours.push(await took(() => open(etcd, 1_000)));
  }
  return { ms: Math.min(...ours), byHandMs: Math.min(...byHand) };
}

async function took(run: () => Promise<void>): Promise<number> {
  const begun = performance.now();
  await run();
  return performance.now() - begun;
}

/** As it would be without a library. */
async function openByHand(count: number): Promise<void> {
  const stop = new AbortController();
  const response = await fetch(`${url}/etcdserverpb.Watch/Watch`, {
    method: "POST",
    headers: { "content-type": "application/grpc-web+proto" },
    body: Buffer.concat(Array.from({ length: count }, (_, i) => createFrame(i))),
    signal: stop.signal,
  });
  const frames = new Frames();
  let answers = 0;
  for await (const chunk of response.body ?? []) {
    frames.add(chunk);
    while (frames.next()) answers++;
    if (answers === count) break;
  }
  stop.abort();
}

function createFrame(index: number): Buffer {
  const value = { ...toKeyRange(`by-hand/${index}`), watchId: BigInt(index + 1), progressNotify: true };
  const message = create(WatchRequestSchema, { requestUnion: { case: "createRequest", value } });
  const data = toBinary(WatchRequestSchema, message);
  const head = Buffer.alloc(5);
  head.writeUInt32BE(data.length, 1);
  return Buffer.concat([head, data]);
}
