import { once } from "node:events";
import { readdir, rename } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import type { Page } from "puppeteer-core";
import { build } from "vite";
import { createGateway } from "../../src/gateway/index.ts";
import { createEtcd } from "../../src/index.ts";
import { createMemoryEtcd } from "../../src/memory/index.ts";
import { startEnvoy } from "../fixtures/envoy.ts";
import { startEtcd } from "../fixtures/etcd.ts";
import { turnOnAuth } from "../fixtures/etcd-users.ts";
import { startFaultProxy } from "../fixtures/fault-proxy.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { seriousFaults } from "./playground-axe.ts";
import { type Playground, press, shown, startPlayground, type } from "./playground-page.ts";

/** Bytes, compressed, of all scripts and styles that the page has loaded once its first panel can be used. */
const firstLoadLimit = 250 * 1024;

describe("the playground's shell", { timeout: 240_000 }, () => {
  let playground: Playground;
  before(async () => {
    playground = await startPlayground();
  });
  after(() => playground?.[Symbol.asyncDispose]());

  it("opens with an etcd in the page, loads little, asks nobody else, and says nothing to the console", async () => {
    await using tab = await playground.open();
    await shown(tab.page, ".pill", "playground", "Live");
    await shown(tab.page, ".main", "Keys", "0 keys");
    const urls = await tab.page.evaluate(() => performance.getEntriesByType("resource").map(({ name }) => name));
    expect(urls.filter((url) => !url.startsWith(playground.site.pageUrl) && !url.startsWith("data:"))).to.deep.equal(
      [],
    );
    const scripts = urls.filter((url) => /\.(js|css)$/.test(url) && !url.includes("worker"));
    expect(scripts).to.not.be.empty;
    const bodies = await Promise.all(scripts.map(async (url) => (await fetch(url)).arrayBuffer()));
    const sizes = bodies.map((body) => gzipSync(new Uint8Array(body)).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).to.be.below(firstLoadLimit);
    expect(tab.complaints).to.deep.equal([]);
  });

  it("loads a panel while etcd is still on its way: here, while a password is asked for", async () => {
    await using tab = await playground.openReal("#/keys?user=ann");
    await shown(tab.page, ".main", "Password");
    const isLoaded = (): boolean =>
      performance.getEntriesByType("resource").some(({ name }) => /keys-panel/.test(name));
    await tab.page.waitForFunction(isLoaded, { polling: 50 });
    expect(tab.complaints).to.deep.equal([]);
  });

  it("goes to a real etcd, names it in the URL, and comes back", async () => {
    await playground.witness.put("shell/a", "1");
    await using tab = await playground.open();
    await shown(tab.page, ".pill", "Live");
    await palette(tab.page, "Change the connection");
    await press(tab.page, "At a URL", "radio");
    await type(tab.page, "Endpoint", "nonsense://");
    await press(tab.page, "Connect");
    await shown(tab.page, "[role=dialog]", "is not a URL that begins with http:// or https://");
    await type(tab.page, "Endpoint", playground.envoy.url);
    await press(tab.page, "Connect");
    await shown(tab.page, ".main", "shell/");
    expect(decodeURIComponent(tab.page.url())).to.contain(`at=${playground.envoy.url}`);
    await tab.page.goBack();
    await shown(tab.page, ".main", "0 keys");
    await palette(tab.page, "Change the connection");
    await press(tab.page, placeOf(playground.envoy.url));
    await shown(tab.page, ".main", "shell/");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("is on the etcd of the gateway that serves it", async () => {
    await using folder = await servedByGateway();
    await using memory = createMemoryEtcd();
    await using gateway = await createGateway({ memory, assets: folder.path, port: 0 });
    await using client = createEtcd({ transport: memory.transport });
    await client.put("gateway/a", "1");
    await using tab = await playground.open();
    await tab.page.goto(gateway.url);
    await shown(tab.page, ".key-lines", "gateway/", "a");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("signs in, and keeps the password nowhere: a page that is loaded again asks again", async () => {
    const users = {
      root: { name: "root", password: "r00t" },
      reader: { name: "ann", password: "s3cret-word" },
    } as const;
    await using etcd = await startEtcd("3.7");
    await turnOnAuth(etcd.address, users);
    await using envoy = await startEnvoy({ etcd: [etcd.address], allowOrigin: playground.site.origin });
    await using tab = await playground.open(`#/keys?at=${envoy.url}&user=ann`);
    await shown(tab.page, ".main", "Sign in as ann");
    await type(tab.page, "Password", users.reader.password);
    await press(tab.page, "Sign in");
    await shown(tab.page, ".main", "No keys yet");
    const kept = await tab.page.evaluate(() =>
      JSON.stringify([location.href, { ...localStorage }, { ...sessionStorage }, document.cookie]),
    );
    expect(kept).to.contain("ann").and.not.contain(users.reader.password);
    await tab.page.reload();
    await shown(tab.page, ".main", "Sign in as ann");
    await type(tab.page, "Password", "wrong");
    await press(tab.page, "Sign in");
    await shown(tab.page, ".main [role=alert]", "unauthenticated");
    await tab.page.locator(".pill").click();
    await press(tab.page, "Sign in again");
    await type(tab.page, "Password", users.reader.password);
    await press(tab.page, "Sign in");
    await shown(tab.page, ".main", "No keys yet");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("says why it reconnects and when it tries again", async () => {
    await using proxy = await startFaultProxy(playground.envoy.url);
    await using tab = await playground.open(`#/keys?at=${proxy.url}`);
    await shown(tab.page, ".pill", "Live");
    proxy.refuse();
    proxy.cut();
    await shown(tab.page, ".pill", "Reconnecting");
    await tab.page.locator(".pill").click();
    await shown(tab.page, ".status-card", "could not be reached", "cors-or-network");
    await proxy.mend();
    await shown(tab.page, ".pill", "Live");
  });

  it("says while the browser has no room for the etcd in the page, and keeps it when there is some", async () => {
    await using tab = await playground.open();
    const { page } = tab;
    const { origin } = playground.site;
    const session = await page.createCDPSession();
    await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 1 });
    await press(page, "Load a sample");
    await shown(page, ".pill", "Not kept");
    await page.locator(".pill").click();
    await shown(page, ".status-card", "Not kept: ");
    await page.keyboard.press("Escape");
    await session.send("Storage.overrideQuotaForOrigin", { origin });
    await page.waitForFunction(() => !document.querySelector<HTMLElement>(".pill")?.innerText.includes("Not kept"));
    expect(tab.complaints).to.deep.equal([]);
  });

  it("connects again, and begins anew, where the browser has no shared workers", async () => {
    await using tab = await playground.open("#/guides");
    const { page } = tab;
    await page.evaluateOnNewDocument(() => Reflect.deleteProperty(globalThis, "SharedWorker"));
    await page.goto("about:blank");
    await page.goto(`${playground.site.pageUrl}/#/keys?at=memory:alone`);
    await press(page, "Load a sample");
    await shown(page, ".pill", "Live");
    await page.locator(".pill").click();
    await press(page, "Connect again");
    await page.keyboard.press("Escape");
    await page.locator("::-p-text(checkout.json)").wait();
    await page.keyboard.down("Control");
    await page.keyboard.press("k");
    await page.keyboard.up("Control");
    await type(page, "Search", "Reset: forget", "searchbox");
    await page.keyboard.press("Enter");
    await press(page, "Reset it");
    await shown(page, "main", "No keys yet");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("says so where the etcd of this page is not at its host any more", async () => {
    const assets = join(playground.site.files, "assets");
    const worker = (await readdir(assets)).find((file) => /^memory-worker.*js$/.test(file)) ?? "";
    await rename(join(assets, worker), join(assets, "gone"));
    try {
      await using tab = await playground.open("#/keys");
      await shown(tab.page, "main", "There is no connection", "Load this page again");
    } finally {
      await rename(join(assets, "gone"), join(assets, worker));
    }
  });

  it("starts without a network, once it has been loaded", async () => {
    await using tab = await playground.open();
    await shown(tab.page, ".pill", "Live");
    await tab.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    const { complaints } = tab;
    await playground.site.whileGone(async () => {
      await tab.page.reload();
      await shown(tab.page, ".pill", "Live");
      await press(tab.page, "Load a sample");
      await tab.page.locator("::-p-text(checkout.json)").click();
      await shown(tab.page, ".key-detail", "config/checkout.json");
    });
    expect(complaints.filter((line) => !line.includes("ERR_CONNECTION"))).to.deep.equal([]);
  });

  it("keeps the newest page for the time without a network, also where its host has it cached", async () => {
    let next = "";
    const host = createServer(async ({ url = "" }, response) => {
      const { headers, body } = await fetch(`${playground.site.origin}${url}`);
      response.setHeader("content-type", headers.get("content-type") ?? "").setHeader("cache-control", "max-age=600");
      for await (const bytes of body ?? []) response.write(bytes);
      response.end(/\/$/.test(url) ? `<!-- ${next} -->` : /service-worker/.test(url) ? `// ${next}` : "");
    }).listen(0, "127.0.0.1");
    await once(host, "listening");
    await using tab = await playground.open();
    const { page } = tab;
    await page.goto(`http://localhost:${(host.address() as AddressInfo).port}${new URL(page.url()).pathname}`);
    await page.evaluate(async () => void (await navigator.serviceWorker.ready));
    next = "the second deployment";
    const kept = await page.evaluate(async () => {
      const registration = await navigator.serviceWorker.ready;
      await registration.update();
      const worker = registration.installing ?? registration.waiting;
      while (worker !== null && worker.state !== "activated") {
        await new Promise((resolve) => worker.addEventListener("statechange", resolve, { once: true }));
      }
      return (await caches.match(registration.scope))?.text();
    });
    host.close();
    expect(kept).to.contain("the second deployment");
  });

  it("finds nothing wrong with the etcd in the page, and says of a static host what it is", async () => {
    await using tab = await playground.open("#/doctor");
    await press(tab.page, "Examine");
    await shown(tab.page, ".findings", "etcd");
    await tab.page.waitForSelector("::-p-text(Examine)");
    expect(await tab.page.$$("[data-level=fault]")).to.deep.equal([]);
    await using other = await playground.open(`#/doctor?at=${playground.site.origin}`);
    await press(other.page, "Examine");
    await other.page.waitForSelector("[data-level=fault]");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("turns its colours with the system's, at once where motion is reduced", async () => {
    await using tab = await playground.open();
    const { page } = tab;
    await shown(page, ".pill", "Live");
    const turn = async (scheme: string): Promise<readonly string[]> => {
      await page.emulateMediaFeatures([
        { name: "prefers-color-scheme", value: scheme },
        { name: "prefers-reduced-motion", value: "reduce" },
      ]);
      return page.evaluate(textColours);
    };
    const light = await turn("light");
    const dark = await turn("dark");
    expect(dark).to.not.include.members(light);
    expect(await page.evaluate(textColours)).to.deep.equal(dark);
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    expect(await page.evaluate(textColours)).to.deep.equal(dark);
    expect(await turn("light")).to.deep.equal(light);
  });

  for (const scheme of ["light", "dark"]) {
    it(`has nothing that keeps people out, in ${scheme} colours`, async () => {
      await using tab = await playground.open();
      await tab.page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
      await shown(tab.page, ".pill", "Live");
      expect(await seriousFaults(tab.page, [scheme])).to.deep.equal([]);
      await press(tab.page, "Load a sample");
      await tab.page.locator("::-p-text(checkout.json)").click();
      await shown(tab.page, ".key-detail", "Version");
      await tab.page.waitForSelector(".code-editor");
      expect(await seriousFaults(tab.page, [scheme])).to.deep.equal([]);
      await press(tab.page, "New key");
      await tab.page.waitForSelector("[role=dialog] .code-editor");
      expect(await seriousFaults(tab.page, [scheme])).to.deep.equal([]);
      await tab.page.keyboard.press("Escape");
      await press(tab.page, "History");
      await tab.page.locator(".entry").click();
      await tab.page.waitForSelector(".entry-text .code-editor");
      expect(await seriousFaults(tab.page, [scheme])).to.deep.equal([]);
      await palette(tab.page, "");
      // The list scrolls by the arrow keys of the search field, which keeps the focus; axe cannot know.
      const faults = await seriousFaults(tab.page, [scheme]);
      expect(faults.filter((fault) => !/scrollable-region.* class="menu palette-list"/.test(fault))).to.deep.equal([]);
      await tab.page.keyboard.press("Escape");
    });
  }
});

/** Runs in the page: the colours that there are. */
function textColours(): readonly string[] {
  const all = Array.from(document.querySelectorAll("#root *"), (element) => getComputedStyle(element).color);
  return Array.from(new Set(all)).sort();
}

async function palette(page: Page, action: string): Promise<void> {
  await page.keyboard.down("Control");
  await page.keyboard.press("k");
  await page.keyboard.up("Control");
  await page.waitForSelector(".palette-input");
  if (action === "") return;
  await type(page, "Search", action, "searchbox");
  await shown(page, "[role=dialog]", action);
  await page.keyboard.press("Enter");
}

/** The page as `npm start` builds it. */
async function servedByGateway(): Promise<AsyncDisposable & { readonly path: string }> {
  const { path, remove } = await temporaryFolder("playground");
  const root = join(import.meta.dirname, "../../playground");
  await build({ root, mode: "gateway", logLevel: "error", build: { outDir: path } });
  return { path, [Symbol.asyncDispose]: remove };
}

function placeOf(url: string): string {
  return url.replace(/^http:\/\//, "");
}
