import { test } from "node:test";
import { expect } from "chai";
import { launchChromium } from "../fixtures/chromium.ts";
import { startEnvoy } from "../fixtures/envoy.ts";
import { startEtcd } from "../fixtures/etcd.ts";
import type { Figures } from "./batching-page.ts";
import { serveScript } from "./script-site.ts";

test("200 reads at once in Chromium over HTTP/1.1 take at most a tenth of the time with batching()", async () => {
  await using etcd = await startEtcd("3.7");
  await using site = await serveScript("batching-page.ts");
  await using envoy = await startEnvoy({ etcd: [etcd.address], allowOrigin: new URL(site.url).origin });
  await using chromium = await launchChromium();
  const page = await chromium.browser.newPage();
  await page.goto(site.url);
  await page.waitForFunction(() => "measureReads" in globalThis);
  const figures: Figures = await page.evaluate((url) => globalThis.measureReads(url), envoy.url);
  const { single, batched } = figures;
  expect(batched / single, JSON.stringify(figures)).to.be.below(0.1);
});
