import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import type { Page } from "puppeteer-core";
import { eventually } from "../fixtures/eventually.ts";
import { type Playground, press, shown, startPlayground, type, writeValue } from "./playground-page.ts";

describe("the playground's keys", { timeout: 240_000 }, () => {
  let playground: Playground;
  before(async () => {
    playground = await startPlayground();
  });
  after(() => playground?.[Symbol.asyncDispose]());

  it("creates, shows, changes, renames, copies and deletes a key, and puts it back", async () => {
    const { witness } = playground;
    await using tab = await playground.openReal("#/keys?prefix=crud/");
    const { page } = tab;
    await shown(page, ".main", "No keys yet");
    await press(page, "New key");
    await type(page, "Key", "crud/theme");
    await writeValue(page, "Value", "dark");
    await press(page, "Create");
    await shown(page, ".key-lines", "theme");
    await shown(page, ".key-detail", "crud/theme", "Version", "1", "Lease", "none");
    expect((await witness.get("crud/theme"))?.value).to.equal("dark");

    await writeValue(page, "Value of crud/theme", "light");
    await press(page, "Save");
    await shown(page, ".toasts", "Saved crud/theme at revision");
    expect((await witness.get("crud/theme"))?.value).to.equal("light");

    await more(page, "Rename…");
    await type(page, "New key", "crud/colour");
    await press(page, "Rename");
    await shown(page, ".key-detail", "crud/colour");
    expect((await witness.get("crud/colour"))?.value).to.equal("light");
    expect(await witness.get("crud/theme")).to.equal(undefined);

    await more(page, "Copy to another key…");
    await type(page, "New key", "crud/copy");
    await press(page, "Copy");
    await shown(page, ".key-detail", "crud/copy");
    expect(await witness.count("crud/")).to.equal(2);

    await more(page, "Delete");
    await press(page, "Delete it");
    await shown(page, ".toasts", "Deleted crud/copy");
    expect(await witness.get("crud/copy")).to.equal(undefined);
    await press(page, "Undo");
    await shown(page, ".toasts", "1 key put back");
    expect((await witness.get("crud/copy"))?.value).to.equal("light");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("shows what others change, keys of bytes and those without a slash", async () => {
    const { witness } = playground;
    await using tab = await playground.openReal("#/keys?prefix=live");
    await witness.put("live-plain", "1");
    await witness.put(Uint8Array.of(...Buffer.from("live/"), 0, 255), "1");
    await witness.put("live/a", "1");
    await shown(tab.page, ".key-lines", "live-plain", "live/", "\\x00\\xff", "a");
    await witness.delete("live/a");
    await shown(tab.page, ".main", "2 keys");
    await tab.page.locator("::-p-text(xff)").click();
    await shown(tab.page, ".key-detail", "live/\\x00\\xff");
    await more(tab.page, "Delete");
    await press(tab.page, "Delete it");
    await shown(tab.page, ".main", "1 key");
    expect(await witness.count("live/")).to.equal(0);
    expect(tab.complaints).to.deep.equal([]);
  });

  it("does not overwrite what somebody else has saved: three ways, merged", async () => {
    const { witness } = playground;
    await witness.put("merge.json", '{\n  "a": 1,\n  "b": 1,\n  "c": 1\n}');
    await using mine = await playground.openReal("#/keys?key=merge.json");
    await using theirs = await playground.openReal("#/keys?key=merge.json");
    await writeValue(mine.page, "Value of merge.json", '{\n  "a": 2,\n  "b": 1,\n  "c": 1\n}');
    await writeValue(theirs.page, "Value of merge.json", '{\n  "a": 1,\n  "b": 1,\n  "c": 3\n}');
    await press(theirs.page, "Save");
    await shown(mine.page, ".value-behind", "while you were editing");
    await press(mine.page, "Save");
    await shown(mine.page, "[role=dialog]", "Somebody else was faster", "both changes fit together");
    await press(mine.page, "Save the result");
    await shown(mine.page, ".toasts", "Saved merge.json");
    expect(JSON.parse((await witness.get("merge.json"))?.value ?? "")).to.deep.equal({ a: 2, b: 1, c: 3 });
    await shown(theirs.page, ".key-detail", "Version\n3");
    expect([...mine.complaints, ...theirs.complaints]).to.deep.equal([]);
  });

  it("counts the time of a lease down, and gives a key one", async () => {
    const { witness } = playground;
    await witness.put("leased", "1");
    await using tab = await playground.openReal("#/keys?key=leased");
    await more(tab.page, "Time to live…");
    await type(tab.page, "Seconds", "300");
    await press(tab.page, "Apply");
    await shown(tab.page, ".detail-facts", "left");
    const { lease = 0n } = (await witness.get("leased")) ?? {};
    expect(await witness.grantedTtl(lease)).to.equal(300);
    expect(tab.complaints).to.deep.equal([]);
  });

  it("shows the beginning of a large value, and saves all of it", async () => {
    const { witness } = playground;
    const lines = Array.from({ length: 20_000 }, (_, i) => `line ${i} of a large value`).join("\n");
    await witness.put("large", lines);
    await using tab = await playground.openReal("#/keys?key=large");
    await shown(tab.page, ".key-detail", "KiB, of which the first 16 KiB are shown");
    await press(tab.page, "Show and edit all of it");
    await writeValue(tab.page, "Value of large", `${lines}\nand one more`);
    await press(tab.page, "Save");
    await shown(tab.page, ".toasts", "Saved large");
    expect((await witness.get("large"))?.value).to.equal(`${lines}\nand one more`);
    expect(tab.complaints).to.deep.equal([]);
  });

  it("refuses to write where it is read-only", async () => {
    await playground.witness.put("ro/a", "1");
    await using tab = await playground.openReal("#/keys?key=ro/a&mode=read");
    await shown(tab.page, ".bar", "Read-only");
    await shown(tab.page, ".key-detail", "ro/a");
    const isDisabled = await tab.page.$eval("::-p-aria([name='New key'][role='button'])", (button) =>
      button.hasAttribute("disabled"),
    );
    expect(isDisabled).to.equal(true);
    expect(tab.complaints).to.deep.equal([]);
  });

  it("holds 100,000 keys, filters as one types, and deletes what is picked", async () => {
    const { witness } = playground;
    await witness.putAll(Array.from({ length: 100_000 }, (_, i) => manyKey(i)));
    await using tab = await playground.openReal("#/keys?prefix=many/&view=list");
    await shown(tab.page, ".main", "100,000 keys", "revision");
    expect(await tab.page.$$eval(".key-line", (lines) => lines.length)).to.be.below(80);
    await type(tab.page, "Filter keys", "many/0123*", "searchbox");
    await shown(tab.page, ".main", "100 of 100,000 keys");
    await tab.page.focus(".key-lines");
    await tab.page.keyboard.down("Control");
    await tab.page.keyboard.press("a");
    await tab.page.keyboard.up("Control");
    await shown(tab.page, ".picked-bar", "100 keys picked");
    await tab.page.keyboard.press("Delete");
    await press(tab.page, "Delete 100 keys");
    await shown(tab.page, ".main", "0 of 99,900 keys");
    expect(await witness.count("many/0123")).to.equal(0);
    expect(tab.complaints).to.deep.equal([]);
  });

  it("is the same etcd in two windows, also after they have been closed", async () => {
    await using first = await playground.open("#/keys?at=memory:shared");
    await shown(first.page, ".main", "No keys yet");
    const second = await first.beside("#/keys?at=memory:shared");
    await first.page.bringToFront();
    await press(first.page, "New key");
    await type(first.page, "Key", "both");
    await press(first.page, "Create");
    await shown(second.page, ".key-lines", "both");
    await second[Symbol.asyncDispose]();
    // Away, so that the worker ends; and back.
    await first.page.goto("about:blank");
    const again = await eventually("the state is kept", async () => {
      const tab = await first.beside("#/keys?at=memory:shared");
      await tab.page.waitForSelector(".panel-meta");
      await shown(tab.page, ".main", "1 key");
      return tab;
    });
    expect([...second.complaints, ...again.complaints]).to.deep.equal([]);
  });
});

function manyKey(i: number): string {
  return `many/${String(i).padStart(6, "0")}`;
}

async function more(page: Page, action: string): Promise<void> {
  await press(page, "More");
  await press(page, action, "menuitem");
}
