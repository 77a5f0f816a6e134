import { test } from "node:test";
import { expect } from "chai";
import { until } from "../contract/expectations.ts";
import { launchChromium } from "../fixtures/chromium.ts";
import { startEnvoy } from "../fixtures/envoy.ts";
import { startFaultProxy } from "../fixtures/fault-proxy.ts";
import { startContractEtcd } from "../run/behind-envoy.ts";
import { serveScript } from "./script-site.ts";

const path = "/etcdserverpb.Watch/Watch";

// A page has six connections to an origin over HTTP/1.1: what watches hold, calls cannot have.
test("in Chromium over HTTP/1.1, 200 watches hold two connections, three while handing over, beside calls", async () => {
  await using etcd = await startContractEtcd("3.7");
  await using end = new AsyncDisposableStack();
  const site = await serveScript("watches-page.ts");
  end.defer(() => site.stop());
  await using envoy = await startEnvoy({ etcd: [etcd.address], allowOrigin: new URL(site.url).origin });
  await using proxy = await startFaultProxy(envoy.url);
  await using chromium = await launchChromium();
  const page = await chromium.browser.newPage();
  await page.goto(site.url);
  await page.waitForFunction(() => "callAmidWatches" in globalThis);
  const crowd = new Crowd(() => proxy.openStreamsOf(path) > 3);

  const { mostStreams, slowestCallMs } = await page.evaluate((url) => globalThis.callAmidWatches(url, 200), proxy.url);
  expect(mostStreams, "streams of watches").to.be.within(2, 3);
  // What the page has left is seen here a moment later.
  expect(crowd.stop(), "milliseconds with more").to.be.lessThan(200);
  expect(slowestCallMs, "the slowest call").to.be.lessThan(5_000);
  const one = async (): Promise<boolean> => proxy.openStreamsOf(path) === 1 && (await etcd.watchers()) === 200;
  await until("it is quiet, and all are on one stream", one);
  await page.close();
  await until("nothing is left", async () => (await etcd.watchers()) === 0 && proxy.openStreamsOf(path) === 0);
});

/** The longest time in a row in which something held, looked at as often as there is time. */
class Crowd {
  #longestMs = 0;
  #since: number | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(holds: () => boolean) {
    this.#timer = setInterval(() => {
      this.#since = holds() ? (this.#since ?? performance.now()) : undefined;
      if (this.#since !== undefined) this.#longestMs = Math.max(this.#longestMs, performance.now() - this.#since);
    }, 1);
    this.#timer.unref();
  }

  stop(): number {
    clearInterval(this.#timer);
    return this.#longestMs;
  }
}
