import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import type { Page } from "puppeteer-core";
import type { Diagnosis, FindingCode, Level } from "../../src/doctor/index.ts";
import { type Chromium, launchChromium } from "../fixtures/chromium.ts";
import { type EnvoyOptions, startEnvoy } from "../fixtures/envoy.ts";
import { type EtcdServer, startEtcd } from "../fixtures/etcd.ts";
import { type ScriptSite, serveScript } from "./script-site.ts";

/** A browser shows no preflight, hides headers, and words every failure the same: the page has to find out by asking. */
describe("the doctor in a page of another origin", { timeout: 180_000 }, () => {
  const parts = new AsyncDisposableStack();
  let etcd: EtcdServer;
  let site: ScriptSite;
  let chromium: Chromium;
  let page: Page;

  before(async () => {
    etcd = parts.use(await startEtcd("3.7"));
    site = parts.use(await serveScript("doctor-page.ts"));
    chromium = parts.use(await launchChromium({ ignoreCertificateErrors: true }));
    page = await chromium.browser.newPage();
    await page.goto(site.url);
    await page.waitForFunction(() => "diagnoseHere" in globalThis);
  });
  after(() => parts.disposeAsync());

  async function diagnoseEnvoy(options: Partial<EnvoyOptions> = {}): Promise<Diagnosis> {
    await using envoy = await startEnvoy({ etcd: [etcd.address], ...options });
    return await page.evaluate((url) => globalThis.diagnoseHere(url), envoy.url);
  }

  it("finds nothing wrong with the Envoy that ships, and sees which HTTP it is", async () => {
    const diagnosis = await diagnoseEnvoy();
    expect(diagnosis.level, JSON.stringify(diagnosis, null, 2)).to.equal("note");
    expect(diagnosis.skipped).to.deep.equal([]);
    expect(codesOf(diagnosis, "note")).to.include("http-1");
  });

  it("sees HTTP/2 where the proxy lets it", async () => {
    const diagnosis = await diagnoseEnvoy({ tls: true });
    expect(codesOf(diagnosis, "fault")).to.deep.equal([]);
    expect(codesOf(diagnosis, "note")).not.to.include("http-1");
  });

  const sick: readonly (readonly [what: string, code: FindingCode, overrides: EnvoyOptions["overrides"]])[] = [
    [
      "no CORS",
      "cors-refused",
      ({ connectionManager }) => {
        connectionManager.http_filters.shift();
      },
    ],
    [
      "pages of another origin allowed",
      "cors-refused",
      ({ corsPolicy }) => {
        corsPolicy.allow_origin_string_match = [{ exact: "https://other.example.com" }];
      },
    ],
    [
      "x-grpc-web not allowed",
      "cors-headers-not-allowed",
      ({ corsPolicy }) => {
        corsPolicy.allow_headers = corsPolicy.allow_headers.replace("x-grpc-web,", "");
      },
    ],
    [
      "hasleader not allowed",
      "cors-headers-not-allowed",
      ({ corsPolicy }) => {
        corsPolicy.allow_headers = corsPolicy.allow_headers.replace(",hasleader", "");
      },
    ],
    [
      "errors not exposed",
      "cors-headers-not-exposed",
      ({ corsPolicy }) => {
        Reflect.deleteProperty(corsPolicy, "expose_headers");
      },
    ],
    [
      "no gRPC-Web filter",
      "no-grpc-web-filter",
      ({ connectionManager }) => {
        connectionManager.http_filters = connectionManager.http_filters.filter(({ name }) => !/grpc_web/.test(name));
      },
    ],
  ];
  for (const [what, code, overrides] of sick) {
    it(`names it: ${what}`, async () => {
      const diagnosis = await diagnoseEnvoy({ ...(overrides && { overrides }) });
      expect(codesOf(diagnosis, "fault"), JSON.stringify(diagnosis, null, 2)).to.deep.equal([code]);
    });
  }

  it("says that nobody is there, and does not take that for CORS", async () => {
    const diagnosis = await page.evaluate(() => globalThis.diagnoseHere("http://127.0.0.1:9"));
    expect(codesOf(diagnosis, "fault")).to.deep.equal(["unreachable"]);
  });
});

function codesOf({ findings }: Diagnosis, level: Level): readonly FindingCode[] {
  return findings.filter((finding) => finding.level === level).map(({ code }) => code);
}
