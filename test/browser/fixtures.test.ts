import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { it } from "node:test";
import { launchChromium } from "../fixtures/chromium.ts";
import { startEnvoy } from "../fixtures/envoy.ts";
import { startEtcd } from "../fixtures/etcd.ts";

it("a page in Chromium reaches etcd through Envoy over HTTP/2", async () => {
  await using etcd = await startEtcd("3.7");
  await using envoy = await startEnvoy({ etcd: [etcd.address], tls: true });
  await using chromium = await launchChromium({ ignoreCertificateErrors: true });
  await using site = await emptySite();
  const page = await chromium.browser.newPage();
  await page.goto(site.url);
  const status = await page.evaluate(askForStatus, `${envoy.url}/etcdserverpb.Maintenance/Status`);
  assert.equal(status, 200);
  const stats = await fetch(`${envoy.admin}/stats?filter=etcd.downstream_cx_http2_total`);
  assert.match(await stats.text(), /: [1-9]/);
});

/** Runs in the page. */
async function askForStatus(url: string): Promise<number> {
  const headers = { "content-type": "application/grpc-web+proto", "x-grpc-web": "1" };
  const response = await fetch(url, { method: "POST", headers, body: new Uint8Array(5) });
  return response.status;
}

async function emptySite(): Promise<{ url: string } & AsyncDisposable> {
  const server = createServer((_request, response) => {
    response.setHeader("content-type", "text/html").end("<!doctype html><title>empty</title>");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { url: `http://localhost:${port}`, [Symbol.asyncDispose]: close };
}
