import { createEtcd, type Etcd } from "../../../src/index.ts";
import { createMemoryEtcd } from "../../../src/memory/index.ts";
import { runJob } from "../run-job.ts";

interface Args {
  readonly keys: number;
}

/** Microseconds of each operation on an etcd in this process that holds so many keys. */
export interface MemoryCost {
  readonly get: number;
  readonly put: number;
  readonly range: number;
  readonly event: number;
}

const value = new Uint8Array(100).fill(120);
const times = 2_000;

await runJob(async ({ keys }: Args): Promise<MemoryCost> => {
  await using memory = createMemoryEtcd();
  await using etcd = createEtcd({ transport: memory.transport });
  for (let i = 0; i < keys; i += 100) {
    await Promise.all(Array.from({ length: 100 }, (_, n) => etcd.put(keyAt(i + n), value)));
  }
  const at = (i: number): string => keyAt((i * 7_919) % keys); // far from each other
  return {
    get: await microseconds((i) => etcd.get(at(i))),
    put: await microseconds((i) => etcd.put(at(i), value)),
    range: await microseconds((i) => etcd.range({ from: at(i) }, { limit: 100 }), times / 10),
    event: await event(etcd, at),
  };
});

/** From the call of a put to its event. */
async function event(etcd: Etcd, at: (i: number) => string): Promise<number> {
  await using watch = etcd.watch({ all: true });
  const events = watch[Symbol.asyncIterator]();
  await watch.opened;
  return microseconds((i) => Promise.all([etcd.put(at(i), value), events.next()]));
}

async function microseconds(run: (i: number) => Promise<unknown>, count = times): Promise<number> {
  for (let i = 0; i < times; i++) await run(i); // warms up
  const begun = performance.now();
  for (let i = 0; i < count; i++) await run(i);
  return ((performance.now() - begun) * 1_000) / count;
}

function keyAt(i: number): string {
  return `memory/${String(i).padStart(7, "0")}`;
}
