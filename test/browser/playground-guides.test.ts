import { readdir } from "node:fs/promises";
import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import { guidesFolder } from "../fixtures/guides.ts";
import { seriousFaults } from "./playground-axe.ts";
import { type Playground, press, shown, startPlayground } from "./playground-page.ts";

describe("the playground's guides", { timeout: 400_000 }, () => {
  let playground: Playground;
  before(async () => {
    playground = await startPlayground();
  });
  after(() => playground?.[Symbol.asyncDispose]());

  it("shows each of them, with nothing serious against it in light and dark", async () => {
    await using tab = await playground.open("#/guides");
    const { page } = tab;
    const names = (await readdir(guidesFolder)).map((file) => file.replace(".md", ""));
    await page.waitForSelector(".guide-list a");
    const links = await page.$$eval(".guide-list a", (all) => all.map((link) => link.getAttribute("href")));
    expect(links.length).to.equal(names.length);
    for (const link of links) {
      await page.evaluate((to) => location.assign(to), `${link}`);
      await page.waitForFunction(isShown, {}, `${link}`);
      expect(await page.$$eval(".guide .table-scroll", cutOff), `${link}`).to.equal(0);
      expect(await seriousFaults(page), `${link}`).to.deep.equal([]);
    }
    expect(tab.complaints).to.deep.equal([]);
  });

  it("goes from guide to guide by its links, to the heading, and back", async () => {
    await using tab = await playground.open("#/guides/secure");
    const { page } = tab;
    await shown(page, ".guide h2", "Secure it");
    await press(page, "which", "link");
    await page.waitForFunction(() => document.activeElement?.id === "guide-in-front-of-it");
    expect(new URL(page.url()).hash).to.match(/^#\/guides\/proxy\/in-front-of-it(\?|$)/);
    await page.goBack();
    await shown(page, ".guide h2", "Secure it");
    await page.keyboard.press("g");
    await page.keyboard.press("t");
    await shown(page, ".main h1", "Tour");
    await page.keyboard.press("g");
    await page.keyboard.press("g");
    await shown(page, ".guide", "Each begins with what you want");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("has the file to copy beside it", async () => {
    await using tab = await playground.open("#/guides/proxy");
    const { page } = tab;
    await shown(page, ".guide h2", "A proxy before your etcd");
    const url = await page.$eval('.guide a[href*="envoy-"]', (link) => (link as HTMLAnchorElement).href);
    expect(await (await fetch(url)).text()).to.contain("envoy.filters.http.grpc_web");
  });

  it("opens a program in the code panel, where it runs against this etcd", async () => {
    await using tab = await playground.open("#/guides/locks");
    const { page } = tab;
    await press(page, "Open in the code panel");
    await page.waitForSelector(".code-editor");
    await press(page, "Run");
    await shown(page, ".code-output", "report number 1");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("is there without a connection, and says where there is no such guide", async () => {
    await using tab = await playground.open("#/guides/unheard?at=http://127.0.0.1:1&user=nobody");
    await shown(tab.page, ".guide", 'There is no guide "unheard"', "troubleshooting");
  });
});

/** Runs in the page: how many tables are not seen to their last row. */
function cutOff(tables: readonly Element[]): number {
  return tables.filter(({ clientHeight, scrollHeight }) => clientHeight < scrollHeight).length;
}

/** Runs in the page. */
function isShown(link: string): boolean {
  return document.querySelector(".guide-list [aria-current]")?.getAttribute("href") === link;
}
