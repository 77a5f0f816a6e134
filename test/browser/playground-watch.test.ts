import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import type { Page } from "puppeteer-core";
import { eventually } from "../fixtures/eventually.ts";
import { type Playground, press, shown, startPlayground, type Tab, type } from "./playground-page.ts";

const rows = ".event-rows";

describe("the playground's watch panel", { timeout: 180_000 }, () => {
  let playground: Playground;
  before(async () => {
    playground = await startPlayground();
  });
  after(() => playground?.[Symbol.asyncDispose]());

  /** What is written beside the page: by another window of an etcd in the page, by its own JSON gateway to a real one. */
  async function both(test: (tab: Tab, writer: Writer) => Promise<void>): Promise<void> {
    {
      await using tab = await playground.openReal("#/watch");
      await test(tab, playground.witness);
      expect(tab.complaints).to.deep.equal([]);
    }
    await using tab = await playground.open("#/watch");
    await using other = await tab.beside("#/code");
    await test(tab, await writerIn(other, tab));
    expect(tab.complaints).to.deep.equal([]);
  }

  it("shows several watches' events, revision by revision, with previous values", () =>
    both(async ({ page }, writer) => {
      await press(page, "Watch every key");
      await watch(page, "w/a/");
      await shown(page, ".watch-list", "every key", "w/a/…");
      await opened(page, 2);
      await writer.put("w/a/1", "one");
      await writer.put("w/a/1", "two");
      await writer.put("w/b", "elsewhere");
      await writer.deletePrefix("w/");
      await eventually("every event", async () => ((await events(page)).length === 8 ? true : undefined));
      const seen = await events(page);
      expect(seen.filter(({ key }) => key === "w/b").map(({ watch, type }) => [watch, type])).to.deep.equal([
        ["1", "create"],
        ["1", "delete"],
      ]);
      expect(
        seen.filter(({ watch }) => watch === "2").map(({ type, value, before }) => [type, value, before]),
      ).to.deep.equal([
        ["create", "one", ""],
        ["put", "two", "one"],
        ["delete", "", "two"],
      ]);
    }));

  it("loses nothing while the connection is cut", () =>
    both(async ({ page }, writer) => {
      await press(page, "Watch every key");
      await opened(page, 1);
      await writer.put("cut/0", "before");
      await shown(page, rows, "cut/0");
      await press(page, "Cut the connection");
      await shown(page, ".panel-meta", "cut");
      for (const number of [1, 2, 3, 4, 5]) await writer.put(`cut/${number}`, "meanwhile");
      expect((await events(page)).length).to.equal(1);
      await press(page, "Connect again");
      await shown(page, rows, "Connected again", "cut/5");
      await writer.put("cut/6", "after");
      await shown(page, rows, "cut/6");
      const keys = (await events(page)).map(({ key }) => key);
      expect(keys).to.deep.equal([0, 1, 2, 3, 4, 5, 6].map((number) => `cut/${number}`));
    }));

  it("goes on from a revision, stands still while it is paused, is filtered and cleared", () =>
    both(async ({ page }, writer) => {
      await writer.put("past/1", "a");
      await writer.put("past/2", "b");
      await watch(page, "past/", "1");
      await shown(page, rows, "past/1", "past/2");
      await press(page, "Pause");
      await writer.put("past/3", "c");
      await page.locator(`::-p-aria([name="Go on (1)"])`).wait();
      expect((await events(page)).length).to.equal(2);
      await press(page, "Go on (1)");
      await shown(page, rows, "past/3");
      await type(page, "Filter events", "past/2", "searchbox");
      await shown(page, ".panel-meta", "1 of 3 events");
      expect((await events(page)).map(({ key }) => key)).to.deep.equal(["past/2"]);
      await type(page, "Filter events", "", "searchbox");
      await press(page, "Clear the events");
      await shown(page, ".panel-meta", "0 events");
    }));

  it("says that history was compacted, and goes on from where there is some", async () => {
    const { witness } = playground;
    await witness.put("old/1", "a");
    const revision = await witness.put("old/2", "b");
    await witness.compact(revision);
    await using tab = await playground.openReal("#/watch");
    await watch(tab.page, "old/", "1");
    await shown(tab.page, ".watch-list", "compacted");
    await press(tab.page, "More for old/…");
    await press(tab.page, "Watch again from a revision…", "menuitem");
    await press(tab.page, "Watch");
    await shown(tab.page, rows, "old/2");
  });

  it("follows links to other watches, and the back button", async () => {
    const link = (prefix: string): string => `#/watch?watches=${JSON.stringify([["prefix", prefix, "", "", 1, ""]])}`;
    await using tab = await playground.open(link("here/"));
    const { page } = tab;
    await opened(page, 1);
    await shown(page, ".watch-list", "here/…");
    await page.evaluate((next) => location.assign(next), link("there/"));
    await shown(page, ".watch-list", "there/…");
    expect(await page.$$(".watch-item")).to.have.length(1);
    await opened(page, 1);
    await page.goBack();
    await shown(page, ".watch-list", "here/…");
    await page.waitForFunction(() => !document.querySelector(".watch-list")?.textContent?.includes("there/"));
    await opened(page, 1);
    expect(tab.complaints).to.deep.equal([]);
  });

  it("is the same again where its link is opened, shows an event whole, and leaves no watch behind", async () => {
    const idle = await playground.envoy.activeRequests();
    await using tab = await playground.openReal("#/watch");
    await watch(tab.page, "link/");
    await opened(tab.page, 1);
    // The URL is written a moment later, once for several letters.
    await tab.page.waitForFunction((word) => decodeURIComponent(location.hash).includes(word), {}, "link/");
    await tab.page.reload();
    await opened(tab.page, 1);
    await shown(tab.page, ".watch-list", "link/…");
    await playground.witness.put("link/a", "first\nsecond");
    await tab.page.locator(".event-row").click();
    await shown(tab.page, ".event-detail", "link/a", "first\nsecond");
    await press(tab.page, "Stop watching link/…");
    await eventually("no stream is open", async () =>
      (await playground.envoy.activeRequests()) <= idle ? true : undefined,
    );
  });
});

interface Writer {
  put(key: string, value: string): Promise<unknown>;
  deletePrefix(prefix: string): Promise<unknown>;
}

/** Another window of the same etcd in the page, told by code that it runs. */
async function writerIn({ page }: Tab, front: Tab): Promise<Writer> {
  await front.page.bringToFront();
  let runs = 0;
  async function run(statement: string): Promise<void> {
    const said = `written ${++runs}`;
    const code = `${statement}; console.log(${JSON.stringify(said)});`;
    await page.bringToFront(); // what is behind another tab is not painted, and cannot be pressed
    await page.evaluate((next) => location.assign(`#/code?code=${encodeURIComponent(next)}`), code);
    await page.waitForFunction(
      (text) => document.querySelector(".code-editor")?.shadowRoot?.textContent?.includes(text),
      {},
      said,
    );
    await press(page, "Run");
    await shown(page, ".code-output", "Done", said);
    await front.page.bringToFront();
  }
  return {
    put: (key, value) => run(`await etcd.put(${JSON.stringify(key)}, ${JSON.stringify(value)})`),
    deletePrefix: (prefix) => run(`await etcd.delete({ prefix: ${JSON.stringify(prefix)} })`),
  };
}

async function watch(page: Page, prefix: string, from = ""): Promise<void> {
  await press(page, "Watch…");
  await type(page, "Prefix", prefix);
  if (from !== "") await type(page, "From revision", from);
  await press(page, "Watch");
}

/** So many watches are confirmed. */
async function opened(page: Page, count: number): Promise<void> {
  await page.waitForFunction(
    (count) => {
      const items = Array.from(document.querySelectorAll<HTMLElement>(".watch-item"), ({ innerText }) => innerText);
      return items.length === count && items.every((text) => text.includes("revision"));
    },
    {},
    count,
  );
}

interface SeenEvent {
  readonly watch: string;
  readonly type: string;
  readonly key: string;
  readonly value: string;
  readonly before: string;
}

/** The rows on the screen. */
function events(page: Page): Promise<SeenEvent[]> {
  return page.$$eval(".event-row", (all) =>
    all.map((row) => {
      const [, , watch = "", type = "", key = "", value = "", before = ""] = Array.from(
        row.children,
        (cell) => cell.textContent ?? "",
      );
      return { watch, type, key, value, before };
    }),
  );
}
