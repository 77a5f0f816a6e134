import { after, before, suite, test } from "node:test";
import { expect } from "chai";
import type { Page } from "puppeteer-core";
import { contract } from "../contract/contract.ts";
import { type Chromium, launchChromium } from "../fixtures/chromium.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import type { EtcdServer } from "../fixtures/etcd.ts";
import { settle, startContractEtcd, traitsOf } from "../run/behind-envoy.ts";
import { type ScriptSite, serveScript } from "./script-site.ts";

for (const [protocol, tls] of [
  ["HTTP/1.1", false],
  ["HTTP/2 over TLS", true],
] as const) {
  suite(`etcd 3.7 behind Envoy, in Chromium over ${protocol}`, () => {
    let etcd: EtcdServer;
    let envoy: EnvoyProxy;
    let site: ScriptSite;
    let chromium: Chromium;
    let page: Page;
    const complaints: string[] = [];

    before(async () => {
      [etcd, site, chromium] = await Promise.all([
        startContractEtcd("3.7"),
        serveScript("contract-page.ts"),
        launchChromium({ ignoreCertificateErrors: tls }),
      ]);
      envoy = await startEnvoy({ etcd: [etcd.address], tls, allowOrigin: new URL(site.url).origin });
      page = await openContract(chromium, site, complaints, () => settle(etcd, envoy));
    });
    after(async () => {
      for (const part of [chromium, envoy, etcd, site]) await part?.stop();
    });

    for (const { name } of contract) {
      test(name, async () => {
        const failure = await page.evaluate(
          (...call) => globalThis.runContractCase(...call),
          ...([name, envoy.url, traitsOf("3.7")] as const),
        );
        if (failure !== undefined) throw Object.assign(new Error(failure.message), { stack: failure.stack });
      });
    }

    test("nothing was logged to the console, no rejection went unhandled", () => {
      expect(complaints).to.deep.equal([]);
    });

    test(`the page spoke ${protocol}`, async () => {
      const stats = await (await fetch(`${envoy.admin}/stats?filter=downstream_cx_http[12]_total`)).text();
      const used = [...stats.matchAll(/^http\.(?!admin)\S*_cx_(http[12])_total: [1-9]/gm)].map(
        ([, version]) => version,
      );
      expect(used).to.deep.equal([tls ? "http2" : "http1"]);
    });
  });
}

async function openContract(
  { browser }: Chromium,
  { url }: ScriptSite,
  complaints: string[],
  settled: () => Promise<void>,
): Promise<Page> {
  const page = await browser.newPage();
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  await page.exposeFunction("settled", settled);
  await page.goto(url);
  await page.waitForFunction(() => "runContractCase" in globalThis);
  return page;
}
