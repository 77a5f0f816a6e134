import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import type { Page } from "puppeteer-core";
import { type Playground, press, shown, startPlayground } from "./playground-page.ts";

describe("the playground's editor, and the ends of lines", { timeout: 240_000 }, () => {
  let playground: Playground;
  before(async () => {
    playground = await startPlayground();
  });
  after(() => playground?.[Symbol.asyncDispose]());

  const values: readonly (readonly [name: string, before: string, after: string])[] = [
    ["as Windows ends them", "a=1\r\nb=2\r\n", "a=1\r\nb=2\r\nc=3\r\nd=4"],
    ["as Unix ends them", "a=1\nb=2\n", "a=1\nb=2\nc=3\nd=4"],
    ["in both ways", "a=1\r\nb=2\n", "a=1\r\nb=2\nc=3\nd=4"],
    ["as old Macs ended them", "a=1\rb=2\r", "a=1\rb=2\rc=3\nd=4"],
  ];
  for (const [name, value, edited] of values) {
    it(`keeps lines that end ${name}`, async () => {
      const { witness } = playground;
      await witness.put("lines", value);
      await using tab = await playground.openReal("#/keys?key=lines");
      await typeAtEnd(tab.page, "Value of lines", "c=3", "Enter", "d=4");
      await press(tab.page, "Save");
      await shown(tab.page, ".toasts", "Saved lines");
      expect((await witness.get("lines"))?.value).to.equal(edited);
      await shown(tab.page, ".value-state", "Saved");
      expect(tab.complaints).to.deep.equal([]);
    });
  }
});

async function typeAtEnd(page: Page, label: string, text: string, key: "Enter", more: string): Promise<void> {
  await page.locator(`::-p-aria([name="${label}"][role="textbox"])`).click();
  await page.keyboard.down("Control");
  await page.keyboard.press("End");
  await page.keyboard.up("Control");
  await page.keyboard.type(text);
  await page.keyboard.press(key);
  await page.keyboard.type(more);
}
