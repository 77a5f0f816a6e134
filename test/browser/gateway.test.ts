import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import type { Page } from "puppeteer-core";
import { build } from "vite";
import { createGateway, type Gateway } from "../../src/gateway/index.ts";
import { createEtcd } from "../../src/index.ts";
import { createMemoryEtcd } from "../../src/memory/index.ts";
import { type Chromium, launchChromium } from "../fixtures/chromium.ts";
import { type StaticSite, serveFolder } from "../fixtures/static-site.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";

/** Pages in Chromium that call the gateway: its own, one it was told of, and any other. */
describe("the gateway, called by pages", { timeout: 120_000 }, () => {
  const parts = new AsyncDisposableStack();
  const memory = parts.use(createMemoryEtcd());
  const client = parts.use(createEtcd({ transport: memory.transport }));
  let friend: StaticSite;
  let stranger: StaticSite;
  let gateway: Gateway;
  let chromium: Chromium;

  before(async () => {
    const folder = await temporaryFolder("playground");
    parts.defer(folder.remove);
    const root = join(import.meta.dirname, "../../playground");
    await build({ root, mode: "gateway", logLevel: "error", build: { outDir: folder.path } });
    friend = parts.use(await serveFolder(folder.path));
    stranger = parts.use(await serveFolder(folder.path));
    gateway = parts.use(await createGateway({ memory, port: 0, assets: folder.path, origins: [friend.url] }));
    chromium = parts.use(await launchChromium());
  });

  after(() => parts.disposeAsync());

  it("serves the playground, which is live with the etcd behind it", async () => {
    const page = await chromium.browser.newPage();
    await page.goto(gateway.url);
    await shown(page, ".pill", "Live");
    await client.put("seen-by", "the page");
    await shown(page, ".main", "seen-by");
    await page.close();
  });

  it("lets a page of an allowed origin call, with every header etcd reads", async () => {
    expect(await callFrom(friend)).to.equal("200 0");
  });

  it("lets no other page call, nor read, nor write unread", async () => {
    expect(await callFrom(stranger)).to.equal("TypeError");
    const page = await chromium.browser.newPage();
    await page.goto(stranger.url);
    const { revision } = await client.range({ prefix: "" });
    await page.evaluate(writeUnread, `${gateway.url}/etcdserverpb.KV/Put`);
    expect((await client.range({ prefix: "" })).revision).to.equal(revision);
    await page.close();
  });

  async function callFrom(site: StaticSite): Promise<string> {
    const page = await chromium.browser.newPage();
    await page.goto(site.url);
    const answer = await page.evaluate(call, `${gateway.url}/etcdserverpb.KV/Range`);
    await page.close();
    return answer;
  }
});

/** Runs in the page: a range of the key "a". Gives the two statuses, or the name of the error. */
async function call(url: string): Promise<string> {
  const headers = { "content-type": "application/grpc-web+proto", "x-grpc-web": "1", "grpc-timeout": "5S" };
  const etcds = { token: "t", hasleader: "true", authorization: "t" };
  const body = Uint8Array.of(0, 0, 0, 0, 3, 0x0a, 1, 0x61);
  try {
    const response = await fetch(url, { method: "POST", headers: { ...headers, ...etcds }, body });
    const text = await response.text();
    return `${response.status} ${/grpc-status: (\d+)/.exec(text)?.[1]}`;
  } catch (error) {
    return (error as Error).name;
  }
}

/** Runs in the page: what needs no preflight, because the page cannot read the answer. */
async function writeUnread(url: string): Promise<void> {
  const body = Uint8Array.of(0, 0, 0, 0, 3, 0x0a, 1, 0x61);
  await fetch(url, { method: "POST", mode: "no-cors", body });
  await fetch(url, { method: "POST", mode: "no-cors", body: new Blob([body], { type: "text/plain" }) });
}

/** Waits until the element's text holds the word. */
async function shown(page: Page, selector: string, word: string): Promise<void> {
  await page.waitForFunction(
    (selector, word) => document.querySelector<HTMLElement>(selector)?.innerText.includes(word),
    { timeout: 60_000, polling: 50 },
    selector,
    word,
  );
}
