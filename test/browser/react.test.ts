import { after, before, suite, test } from "node:test";
import { expect } from "chai";
import type { Page } from "puppeteer-core";
import { type Chromium, launchChromium } from "../fixtures/chromium.ts";
import { type ScriptSite, serveScript } from "./script-site.ts";

/** The cases of react-page.ts. */
const names = [
  "a component renders again only where a value that it reads has changed",
  "components of one key share its watch, in StrictMode too, and nothing is left when they are gone",
  "what a server rendered is taken over without a mismatch; the first call is the watch",
  "a view that moves on before the page takes over makes no mismatch either",
  "a component suspends until there is something, and an error goes to its boundary, from where it is tried again",
  "a component shows what an asynchronous storage has kept, with no etcd to be reached",
  "all components of a screen show the same revision, however slowly React renders them",
];

suite("React in Chromium", { timeout: 120_000 }, () => {
  let site: ScriptSite;
  let chromium: Chromium;
  let page: Page;
  const complaints: string[] = [];

  before(async () => {
    [site, chromium] = await Promise.all([serveScript("react-page.ts"), launchChromium()]);
    page = await chromium.browser.newPage();
    page.on("console", (message) => {
      if (!message.text().includes("React DevTools")) complaints.push(message.text());
    });
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(site.url);
    await page.waitForFunction(() => "runReactCase" in globalThis);
  });
  after(async () => {
    await chromium?.stop();
    await site?.stop();
  });

  test("the cases are those of the page", async () => {
    expect(await page.evaluate(() => globalThis.reactCases)).to.deep.equal(names);
  });

  for (const name of names) {
    test(name, async () => {
      const failure = await page.evaluate((given) => globalThis.runReactCase(given), name);
      if (failure !== undefined) throw new Error(failure);
    });
  }

  test("nothing was logged to the console, but the error that a boundary has caught", () => {
    expect(complaints.filter((text) => !text.includes("permission denied"))).to.deep.equal([]);
  });
});
