import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import type { Page } from "puppeteer-core";
import { type Playground, press, shown, startPlayground, type } from "./playground-page.ts";

describe("the playground's history", { timeout: 240_000 }, () => {
  let playground: Playground;
  before(async () => {
    playground = await startPlayground();
  });
  after(() => playground?.[Symbol.asyncDispose]());

  it("shows what a key has been, compares any two, and brings it back after it was deleted", async () => {
    const { witness } = playground;
    const first = await witness.put("past/key", "one");
    const second = await witness.put("past/key", "two");
    const gone = await witness.delete("past/key");
    await using tab = await playground.openReal("#/history");
    await type(tab.page, "Key", "past/key");
    await press(tab.page, "Read");
    await shown(tab.page, ".entry-list", `${first}\ncreated`, `${second}\nchanged`, "deleted");
    await tab.page.locator(".entry:nth-child(2)").click();
    await textIn(tab.page, "one", "two");
    await tab.page.locator(".entry-list").click();
    await tab.page.keyboard.press("Home");
    await shown(tab.page, ".entry-detail", "past/key", "Bring it back");
    expect(await tab.page.$eval(".entry[aria-selected=true]", (entry) => entry.textContent)).to.contain(
      String(gone.revision),
    );
    await tab.page.keyboard.press("End");
    await shown(tab.page, ".entry-detail", "Restore this value");
    await textIn(tab.page, "one");
    await press(tab.page, "Restore this value");
    await shown(tab.page, ".toasts", "past/key is again what it was");
    expect((await witness.get("past/key"))?.value).to.equal("one");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("begins at the last compaction, and brings a deleted folder back", async () => {
    const { witness } = playground;
    await witness.put("folder/a", "1");
    await witness.put("folder/b", "2");
    const revision = await witness.put("folder/a", "3");
    await witness.compact(revision);
    const gone = await witness.deletePrefix("folder/");
    await witness.put("folder/c", "4");
    await using tab = await playground.openReal("#/history?prefix=folder/");
    await shown(tab.page, ".history-note", `History begins at revision ${revision}`);
    await shown(tab.page, ".entry-list", "kept", "folder/b", "deleted", "created", "folder/c");
    await tab.page.locator(".entry:last-child").click();
    await press(tab.page, `All keys to ${revision}…`);
    await shown(tab.page, "[role=alertdialog]", "2 keys put back", "0 values changed", "1 key that came later deleted");
    await press(tab.page, "Restore 3 keys");
    await shown(tab.page, ".toasts", "3 keys restored");
    const kvs = await witness.list("folder/");
    expect(kvs.map(({ key, value }) => `${key}=${value}`)).to.deep.equal(["folder/a=3", "folder/b=2"]);
    expect(kvs[0]?.modRevision).to.equal(kvs[1]?.modRevision);
    expect(gone.deleted).to.equal(2);
    expect(tab.complaints).to.deep.equal([]);
  });
});

/** Waits until CodeMirror, in its shadow root, shows all the words. */
async function textIn(page: Page, ...words: readonly string[]): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      const editor = document.querySelector(".entry-text .code-editor");
      const text = editor?.shadowRoot?.textContent ?? "";
      return wanted.every((word) => text.includes(word));
    },
    { polling: 50 },
    words,
  );
}
