import { createEtcd } from "../../src/index.ts";
import { take } from "../contract/expectations.ts";
import type { Answers } from "../run/stalled/orders.ts";
import { StalledWatch } from "../run/stalled/subject.ts";

/** What came of calls beside watches. */
export interface AmidWatches {
  /** The most watch streams that the page held at a time. */
  readonly mostStreams: number;
  readonly slowestCallMs: number;
}

declare global {
  /** Opens watches, some one after the other, and leaves them open; makes calls beside them. */
  var callAmidWatches: (endpoint: string, watches: number) => Promise<AmidWatches>;
  /** Opens a watch that is not read, and its neighbours. */
  var stall: (endpoint: string) => Promise<void>;
  /** Reads it up to a revision, as text; "0": says only what the neighbours have heard. */
  var readStalled: (last: string) => Promise<Omit<Answers, "cost">>;
}

globalThis.callAmidWatches = async (endpoint, count) => {
  let [streams, mostStreams, slowestCallMs] = [0, 0, 0];
  const counting: typeof fetch = (input, init) => {
    if (String(input).endsWith("/Watch")) {
      mostStreams = Math.max(mostStreams, ++streams);
      init?.signal?.addEventListener("abort", () => streams--, { once: true });
    }
    return fetch(input, init);
  };
  const etcd = createEtcd({ endpoints: endpoint, fetch: counting });
  const names = Array.from({ length: count }, (_, i) => `few/${i}`);
  const timed = async <T>(call: Promise<T>): Promise<T> => {
    const begunAt = performance.now();
    const result = await call;
    slowestCallMs = Math.max(slowestCallMs, performance.now() - begunAt);
    return result;
  };
  const seen: Promise<unknown>[] = [];
  for (const [i, name] of names.entries()) {
    const watch = etcd.watch(name);
    const reader = watch[Symbol.asyncIterator]();
    seen.push(reader.next());
    if (i % 20 === 0) await watch.opened;
    await Promise.all([timed(etcd.put(`few-calls/${i}`, "")), timed(etcd.get(name)), timed(etcd.count({ all: true }))]);
  }
  const last = etcd.watch("few/last");
  await last.opened;
  for (const name of names) await timed(etcd.put(name, ""));
  await Promise.all(seen);
  await etcd.put("few/last", "");
  await take(last, 1);
  return { mostStreams, slowestCallMs };
};

let stalled: StalledWatch | undefined;

globalThis.stall = async (endpoint) => {
  stalled = new StalledWatch(createEtcd({ endpoints: endpoint }));
  await stalled.opened();
};

globalThis.readStalled = async (last) => {
  if (stalled === undefined) throw new Error("There is nothing to read.");
  await stalled.readUpTo(BigInt(last));
  return stalled.figures;
};
