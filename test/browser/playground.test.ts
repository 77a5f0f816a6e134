import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import type { Page } from "puppeteer-core";
import { build } from "vite";
import { createEtcd, type Etcd } from "../../src/index.ts";
import { type Chromium, launchChromium } from "../fixtures/chromium.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { type EtcdServer, startEtcd } from "../fixtures/etcd.ts";
import { startFaultProxy } from "../fixtures/fault-proxy.ts";
import { type StaticSite, serveFolder } from "../fixtures/static-site.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";

/** The page as it is built, in Chromium, on etcd behind Envoy. */
describe("the playground", { timeout: 120_000 }, () => {
  const parts = new AsyncDisposableStack();
  let site: StaticSite;
  let etcd: EtcdServer;
  let envoy: EnvoyProxy;
  let chromium: Chromium;
  let client: Etcd;

  before(async () => {
    const folder = await temporaryFolder("playground");
    parts.defer(folder.remove);
    const root = join(import.meta.dirname, "../../playground");
    await build({ root, logLevel: "error", build: { outDir: folder.path } });
    site = parts.use(await serveFolder(folder.path));
    etcd = parts.use(await startEtcd("3.7"));
    envoy = parts.use(await startEnvoy({ etcd: [etcd.address], allowOrigin: site.url }));
    chromium = parts.use(await launchChromium());
    client = parts.use(createEtcd({ endpoints: envoy.url }));
  });

  after(() => parts.disposeAsync());

  it("shows a put and a delete of its form as events, and keeps the keys current", async () => {
    await using tab = await open(envoy.url);
    await connected(tab.page);
    await tab.page.locator("[name=prefix]").fill("form/");
    await press(tab.page, "Watch");
    await fill(tab.page, { key: "form/theme", value: "dark" });
    await press(tab.page, "Put");
    await shown(tab.page, ".outcome", "form/theme was put at revision");
    await shown(tab.page, ".event-list li:first-child", "put new", "form/theme", "dark");
    await shown(tab.page, ".keys", "1 key", "form/theme");

    await fill(tab.page, { key: "form/theme", value: "light" });
    await press(tab.page, "Put");
    await shown(tab.page, ".event-list li:first-child", "put", "light");
    await press(tab.page, "Get");
    await shown(tab.page, ".outcome", "light", "Version", "2", "Lease", "none");

    await press(tab.page, "Delete");
    await shown(tab.page, ".outcome", "form/theme was deleted at revision");
    await shown(tab.page, ".event-list li:first-child", "delete", "form/theme");
    await shown(tab.page, ".keys", "0 keys");
    await shown(tab.page, ".events", "3 events seen");
    expect(tab.console).to.deep.equal([]);
  });

  it("makes the first event with one click", async () => {
    await using tab = await open(envoy.url);
    await press(tab.page, "Put config/theme = dark");
    await shown(tab.page, ".event-list li", "config/theme", "dark");
    expect(tab.console).to.deep.equal([]);
  });

  it("shows what others change, and what is not UTF-8 as base64", async () => {
    await using tab = await open(envoy.url);
    await connected(tab.page);
    await client.put(Uint8Array.of(255, 1), Uint8Array.of(200));
    await shown(tab.page, ".event-list li", "base64:/wE=", "base64:yA==");
    await press(tab.page, "base64:/wE=");
    await shown(tab.page, ".outcome", "base64:yA==");
    await press(tab.page, "Delete");
    await shown(tab.page, ".event-list li:first-child", "delete", "base64:/wE=");
    expect(await client.get(Uint8Array.of(255, 1))).to.equal(undefined);
    expect(tab.console).to.deep.equal([]);
  });

  it("holds the list still while it is paused, and empties it when it is cleared", async () => {
    await using tab = await open(envoy.url);
    await connected(tab.page);
    await press(tab.page, "Pause");
    await client.put("pause/a", "1");
    await shown(tab.page, ".events", "paused, 1 waiting");
    expect(await tab.page.$$(".event-list li")).to.have.length(0);
    await press(tab.page, "Resume");
    await shown(tab.page, ".event-list li", "pause/a");
    await press(tab.page, "Clear");
    await shown(tab.page, ".events .empty", "put or delete a key");
  });

  it("lists the first 200 keys and counts all, through many changes", async () => {
    await Promise.all(Array.from({ length: 450 }, (_, i) => client.put(manyKey(i), "")));
    await using tab = await open(envoy.url);
    await connected(tab.page);
    await tab.page.locator("[name=prefix]").fill("many/");
    await press(tab.page, "Watch");
    await shown(tab.page, ".keys", "first 200 of 450 keys");
    for (let i = 0; i < 220; i++) await client.delete(manyKey(i));
    await shown(tab.page, ".keys", "first 200 of 230 keys");
    const keys = await tab.page.$$eval(".key-list li", (items) => items.map((item) => item.textContent));
    expect(keys).to.deep.equal(Array.from({ length: 200 }, (_, i) => manyKey(220 + i)));
    await client.delete({ from: manyKey(300), to: "many0" });
    await shown(tab.page, ".keys", "80 keys");
    await shown(tab.page, ".events", "370 events seen");
    expect(tab.console).to.deep.equal([]);
  });

  it("says in a sentence that there is no etcd at a URL, and goes on with the right one", async () => {
    await using tab = await open(site.url);
    await shown(tab.page, ".events [role=alert]", "there is no etcd at this URL", "not-grpc-web");
    await tab.page.locator("[name=endpoint]").fill("nonsense://");
    await press(tab.page, "Connect");
    await shown(tab.page, ".bar [role=alert]", "is not a URL that begins with http:// or https://", "invalid-argument");
    await tab.page.locator("[name=endpoint]").fill(envoy.url);
    await press(tab.page, "Connect");
    await connected(tab.page);
    await tab.page.reload();
    await connected(tab.page);
    // The browser itself notes what the site answered to the first call; the page says nothing more.
    expect(tab.console.filter((line) => !line.includes("404"))).to.deep.equal([]);
  });

  it("says why it reconnects, and misses nothing", async () => {
    await using proxy = await startFaultProxy(envoy.url);
    await using tab = await open(proxy.url);
    await connected(tab.page);
    proxy.refuse();
    proxy.cut();
    await shown(tab.page, ".status", "Reconnecting", "could not be reached", "cors-or-network");
    await fill(tab.page, { key: "a", value: "b" });
    await press(tab.page, "Put");
    await shown(tab.page, ".outcome", "could not be reached", "cors-or-network");
    await client.put("meanwhile", "1");
    await proxy.mend();
    await connected(tab.page);
    await shown(tab.page, ".event-list li", "meanwhile");
    expect(tab.console.filter((text) => !text.includes("Failed to load resource"))).to.deep.equal([]);
  });

  it("leaves no watch behind: not after another prefix, a disconnect, or when it is closed", async () => {
    await using tab = await open(envoy.url);
    await connected(tab.page);
    await watchers(1);
    await tab.page.locator("[name=prefix]").fill("other/");
    await press(tab.page, "Watch");
    await shown(tab.page, ".keys", "0 keys");
    await watchers(1);
    await press(tab.page, "Disconnect");
    await shown(tab.page, ".status", "Closed");
    await watchers(0);
    await press(tab.page, "Connect");
    await connected(tab.page);
    await watchers(1);
    await tab.page.close();
    await watchers(0);
    expect(tab.console).to.deep.equal([]);
  });

  /** A tab of its own on the page, with an endpoint remembered from before. */
  async function open(endpoint: string): Promise<{ page: Page; console: string[] } & AsyncDisposable> {
    const context = await chromium.browser.createBrowserContext();
    const page = await context.newPage();
    const lines: string[] = [];
    page.on("console", (message) => lines.push(message.text()));
    page.on("pageerror", (error) => lines.push(String(error)));
    await page.evaluateOnNewDocument(remember, endpoint);
    await page.goto(site.url);
    return { page, console: lines, [Symbol.asyncDispose]: () => context.close() };
  }

  async function watchers(count: number): Promise<void> {
    const deadline = Date.now() + patienceMs;
    while ((await etcd.watchers()) !== count) {
      if (Date.now() > deadline) expect.fail(`etcd does not come to hold ${count} watches`);
      await setTimeout(50);
    }
  }
});

const patienceMs = 20_000;

/** Runs in the page; a reload keeps what the page has chosen since. */
function remember(endpoint: string): void {
  const item = "etcd-web-playground-endpoint";
  if (sessionStorage.getItem(item) === null) sessionStorage.setItem(item, endpoint);
}

function manyKey(i: number): string {
  return `many/${String(i).padStart(3, "0")}`;
}

async function connected(page: Page): Promise<void> {
  await shown(page, ".status", "Live");
  await shown(page, ".keys", "at revision");
}

async function fill(page: Page, fields: Readonly<Record<"key" | "value", string>>): Promise<void> {
  for (const [name, text] of Object.entries(fields)) await page.locator(`[name=${name}]`).fill(text);
}

async function press(page: Page, name: string): Promise<void> {
  await page.locator(`::-p-aria([name="${name}"][role="button"])`).click();
}

/** Waits until the element's text holds every one of the words. */
async function shown(page: Page, selector: string, ...words: readonly string[]): Promise<void> {
  try {
    await page.waitForFunction(holdsAll, { timeout: patienceMs, polling: 50 }, selector, words);
  } catch (cause) {
    const text = await page.evaluate(textOf, selector);
    throw new Error(`${selector} does not show ${words.join(" and ")}, but: ${text}`, { cause });
  }
}

/** Runs in the page. */
function holdsAll(selector: string, words: readonly string[]): boolean {
  const text = document.querySelector<HTMLElement>(selector)?.innerText ?? "";
  return words.every((word) => text.includes(word));
}

/** Runs in the page. */
function textOf(selector: string): string | undefined {
  return document.querySelector<HTMLElement>(selector)?.innerText;
}
