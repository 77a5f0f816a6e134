import { test } from "node:test";
import { expect } from "chai";
import type { CDPSession } from "puppeteer-core";
import { createEtcd } from "../../src/index.ts";
import { until } from "../contract/expectations.ts";
import { launchChromium } from "../fixtures/chromium.ts";
import { startEnvoy } from "../fixtures/envoy.ts";
import { startContractEtcd } from "../run/behind-envoy.ts";
import { writeBacklog } from "../run/stalled/backlog.ts";
import { neighbours } from "../run/stalled/subject.ts";
import { serveScript } from "./script-site.ts";

// All calls of a page share one connection there, and what it may have under way: 15 MB in Chromium, 6 MB for a stream.
test("in Chromium over HTTP/2, a reader who does not read 24 MiB stalls nobody, and then reads everything", async () => {
  await using etcd = await startContractEtcd("3.7");
  await using end = new AsyncDisposableStack();
  const site = await serveScript("watches-page.ts");
  end.defer(() => site.stop());
  await using envoy = await startEnvoy({ etcd: [etcd.address], tls: true, allowOrigin: new URL(site.url).origin });
  await using straight = await startEnvoy({ etcd: [etcd.address] });
  await using writer = createEtcd({ endpoints: straight.url });
  await using chromium = await launchChromium({ ignoreCertificateErrors: true });
  const page = await chromium.browser.newPage();
  await page.goto(site.url);
  await page.waitForFunction(() => "stall" in globalThis);
  await page.evaluate((url) => globalThis.stall(url), envoy.url);
  const session = await page.createCDPSession();
  const before = await heap(session);

  const backlog = await writeBacklog(writer, { bytes: 24 * 1024 * 1024, putsPerRevision: 4 });
  const read = (last: bigint): ReturnType<typeof readStalled> =>
    page.evaluate((revision) => globalThis.readStalled(revision), String(last));
  await until("the neighbours have heard what they were told", async () => {
    return (await read(0n)).heard === backlog.told * neighbours;
  });
  expect((await read(0n)).latestMs, "how late the neighbours heard").to.be.lessThan(3_000);
  expect((await heap(session)) - before, "bytes").to.be.lessThan(8 * 1024 * 1024);

  const { events, digest } = await read(backlog.last);
  expect({ events, digest }).to.deep.equal({ events: backlog.events, digest: backlog.digest });
});

/** Bytes of the page's heap, buffers included, once all garbage is gone. */
async function heap(session: CDPSession): Promise<number> {
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize, backingStorageSize } = await session.send("Runtime.getHeapUsage");
  return usedSize + backingStorageSize;
}
