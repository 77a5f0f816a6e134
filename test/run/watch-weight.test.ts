import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { expect } from "chai";
import { startEnvoy } from "../fixtures/envoy.ts";
import { startEtcd } from "../fixtures/etcd.ts";
import type { Weighed } from "./weigh-watches.ts";

suite("10,000 watches of one client", () => {
  let weighed: Weighed;
  const stack = new AsyncDisposableStack();
  before(async () => {
    const etcd = stack.use(await startEtcd("3.7"));
    const envoy = stack.use(await startEnvoy({ etcd: [etcd.address] }));
    weighed = await weigh(envoy.url);
  });
  after(() => stack.disposeAsync());

  test("hold less than a kibibyte of heap each, open and read", () => {
    expect(weighed.bytes).to.be.within(100, 1024);
  });

  test("open, by 1,000, in less than twice the time of one body made by hand", () => {
    expect(weighed.ms).to.be.below(2 * weighed.byHandMs);
  });
});

/** In a process of its own, whose heap nobody else uses. */
async function weigh(url: string): Promise<Weighed> {
  const child = fork(join(import.meta.dirname, "weigh-watches.ts"), [url], { execArgv: ["--expose-gc"] });
  const failed = once(child, "exit").then(([code]) => {
    throw new Error(`The process that weighs ended with ${code}`);
  });
  const [weighed] = (await Promise.race([once(child, "message"), failed])) as [Weighed];
  child.disconnect();
  await failed.catch(() => {});
  return weighed;
}
