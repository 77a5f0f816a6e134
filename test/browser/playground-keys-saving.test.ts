import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import { editing, textOf } from "./playground-editing.ts";
import { hold } from "./playground-held.ts";
import { type Playground, press, shown, startPlayground } from "./playground-page.ts";

describe("the playground, while it saves", { timeout: 240_000 }, () => {
  let playground: Playground;
  before(async () => {
    playground = await startPlayground();
  });
  after(() => playground?.[Symbol.asyncDispose]());

  it("keeps what is typed before the server has answered", async () => {
    const { witness } = playground;
    await using tab = await editing(playground, "slow", "start", "first");
    const { page } = tab;
    await using held = await hold(page, "KV/Txn");
    await press(page, "Save");
    await page.focus("::-p-aria([name='Value of slow'][role='textbox'])");
    await page.keyboard.down("Control");
    await page.keyboard.press("End");
    await page.keyboard.up("Control");
    await page.keyboard.type(" and more");
    await held.release();
    await shown(page, ".toasts", "Saved slow at revision");
    await shown(page, ".value-state", "Not saved yet");
    expect(await textOf(page, "Value of slow")).to.equal("first and more");
    expect((await witness.get("slow"))?.value).to.equal("first");
    await press(page, "Save");
    await shown(page, ".value-state", "Saved");
    expect((await witness.get("slow"))?.value).to.equal("first and more");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("saves what was typed last, however fast the keys come", async () => {
    const { witness } = playground;
    await using tab = await editing(playground, "fast", "start", "first");
    const { page } = tab;
    const content = await page.waitForSelector("::-p-aria([name='Value of fast'][role='textbox'])");
    // In one go: no hand is that fast, but a page can be that slow.
    await content?.evaluate((element) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData("text/plain", "!");
      element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
      element.dispatchEvent(new KeyboardEvent("keydown", { key: "s", ctrlKey: true, bubbles: true, composed: true }));
    });
    await shown(page, ".toasts", "Saved fast at revision");
    expect((await witness.get("fast"))?.value).to.equal("first!");
    await shown(page, ".value-state", "Saved");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("shows what has been saved, also before a watch has told of it", async () => {
    const { witness } = playground;
    await using tab = await editing(playground, "untold", "old", "new");
    const { page } = tab;
    await using held = await hold(page, "Watch/Watch");
    await press(page, "Save");
    await shown(page, ".toasts", "Saved untold at revision");
    await shown(page, ".value-state", "Saved");
    expect(await textOf(page, "Value of untold")).to.equal("new");
    await held.release();
    await shown(page, ".key-detail", "Version\n2", "Saved");
    expect(await textOf(page, "Value of untold")).to.equal("new");
    await witness.put("untold", "newest");
    await shown(page, ".key-detail", "Version\n3");
    expect(await textOf(page, "Value of untold")).to.equal("newest");
    expect(tab.complaints).to.deep.equal([]);
  });

  // The last: nobody may read this etcd afterwards.
  it("keeps what is typed where the key may not be read any more, and says so", async () => {
    const { witness } = playground;
    await using tab = await editing(playground, "closed", "start", "typed");
    const { page } = tab;
    await page.setOfflineMode(true);
    await witness.ask("auth/user/add", { name: "root", password: "root" });
    await witness.ask("auth/user/grant", { user: "root", role: "root" });
    await witness.ask("auth/enable", {});
    await page.setOfflineMode(false);
    await shown(page, ".key-detail", "user name is empty", "Not saved yet");
    expect(await textOf(page, "Value of closed")).to.equal("typed");
  });
});
