import { createSession } from "etcd-web/recipes";
import { etcd } from "playground";

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const stop = new AbortController();

async function observe(): Promise<void> {
  const watcher = await createSession(etcd);
  try {
    for await (const leader of watcher.election("elections/main").observe({ signal: stop.signal })) {
      console.info("leader:", leader?.text() ?? "nobody");
    }
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    await watcher.close();
  }
}

const observing = observe();
const first = await createSession(etcd, { ttlSeconds: 3 });
const second = await createSession(etcd, { ttlSeconds: 3 });
await first.election("elections/main").campaign("first");
const next = second.election("elections/main").campaign("second");

await sleep(1_500);
console.warn("first crashes: nobody renews its lease any more");
first.lease.release();

const begun = performance.now();
const leadership = await next;
console.log(`second leads after ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
await leadership.resign();
await second.close();
stop.abort();
await observing;
