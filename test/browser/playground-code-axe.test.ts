import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import { seriousFaults } from "./playground-axe.ts";
import { type Playground, press, shown, startPlayground, type } from "./playground-page.ts";

describe("the panels to watch, contend, transact and program: axe", { timeout: 180_000 }, () => {
  let playground: Playground;
  before(async () => {
    playground = await startPlayground();
  });
  after(() => playground?.[Symbol.asyncDispose]());

  it("finds nothing serious in light and dark", async () => {
    await using tab = await playground.open("#/watch");
    const { page } = tab;
    const clean = async (where: string): Promise<void> => {
      expect(await seriousFaults(page), where).to.deep.equal([]);
    };
    await shown(page, ".main", "Nothing is watched");
    await clean("no watch");
    await press(page, "Watch…");
    await type(page, "From revision", "x");
    await press(page, "Watch");
    await clean("the form of a watch");
    await page.keyboard.press("Escape");
    await press(page, "Watch every key");

    await page.evaluate(() => location.assign("#/locks?ttl=3"));
    await press(page, "Ann: lock");
    await press(page, "Ben: lock");
    await shown(page, ".locks-columns table", "Ann", "Ben");
    await clean("clients that contend");
    await press(page, "Kill Ann");
    await shown(page, ".arena-log", "Ben has the lock");
    await clean("a client that is gone");

    await page.evaluate(() => location.assign("#/transaction"));
    await press(page, "Run");
    await shown(page, ".txn-result", "Then");
    await clean("a transaction");

    await page.evaluate(() => location.assign('#/code?code=console.warn("a");throw new Error("b")'));
    await page.waitForSelector(".code-editor");
    await press(page, "Run");
    await shown(page, ".code-output", "Failed");
    await clean("code that failed");

    await page.evaluate(() => location.assign('#/watch?watches=[["all","","","1"]]'));
    await shown(page, ".event-rows", "config/theme");
    await page.locator(".event-row").click();
    await press(page, "Cut the connection");
    await shown(page, ".event-rows", "The connection is cut");
    await clean("a watch that is cut, and an event");
  });
});
