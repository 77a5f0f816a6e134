import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import type { Page } from "puppeteer-core";
import { editing, textOf } from "./playground-editing.ts";
import { type Playground, press, shown, startPlayground, writeValue } from "./playground-page.ts";

const dialog = "[role=dialog]";

describe("the playground's keys, by keyboard", { timeout: 240_000 }, () => {
  let playground: Playground;
  before(async () => {
    playground = await startPlayground();
  });
  after(() => playground?.[Symbol.asyncDispose]());

  it("creates a key with a value", async () => {
    const { witness } = playground;
    await using tab = await playground.openReal("#/keys?prefix=hand/");
    const { page } = tab;
    await shown(page, ".main", "No keys yet");
    await tabTo(page, "New key");
    await page.keyboard.press("Enter");
    await shown(page, dialog, "New key");
    await page.waitForSelector("::-p-aria([name='Value'][role='textbox'])");
    await tabTo(page, "Key");
    await page.keyboard.type("hand/a");
    await tabTo(page, "Value");
    await page.keyboard.type("one");
    await page.keyboard.press("Enter");
    await page.keyboard.type("two");
    await tabTo(page, "Time to live, in seconds");
    await tabTo(page, "Key", "back");
    await tabTo(page, "Value");
    await tabTo(page, "Create");
    await page.keyboard.press("Enter");
    await shown(page, ".toasts", "Created hand/a");
    expect((await witness.get("hand/a"))?.value).to.equal("one\ntwo");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("settles a conflict", async () => {
    const { witness } = playground;
    await using tab = await editing(playground, "hand-merge", "1\n2\n3", "1\n2\n3, mine");
    const { page } = tab;
    await witness.put("hand-merge", "1, theirs\n2\n3");
    await shown(page, ".value-behind", "while you were editing");
    // Out of the editor, where Tab indents.
    await page.keyboard.press("Escape");
    await tabTo(page, "Compare…", "back");
    await page.keyboard.press("Enter");
    await shown(page, dialog, "both changes fit together");
    await page.waitForSelector("::-p-aria([name='Result'][role='textbox'])");
    await tabTo(page, "What they changed");
    await tabTo(page, "What you changed");
    await tabTo(page, "Result");
    await page.keyboard.down("Control");
    await page.keyboard.press("End");
    await page.keyboard.up("Control");
    await page.keyboard.type(", by hand");
    await page.keyboard.press("Escape");
    await tabTo(page, "Save the result");
    await page.keyboard.press("Enter");
    await shown(page, ".toasts", "Saved hand-merge");
    expect((await witness.get("hand-merge"))?.value).to.equal("1, theirs\n2\n3, mine, by hand");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("keeps what was typed in a dialog from Escape, and from a click beside it", async () => {
    await using tab = await playground.openReal("#/keys?prefix=kept/");
    const { page } = tab;
    await press(page, "New key");
    await writeValue(page, "Value", "typed");
    await page.keyboard.press("Escape");
    await page.mouse.click(2, 300);
    // Had it closed, this would wait in vain.
    expect(await textOf(page, "Value")).to.equal("typed");
    await tabTo(page, "Create");
    await page.keyboard.press("Escape");
    expect(await textOf(page, "Value")).to.equal("typed");
    await press(page, "Cancel");
    await page.waitForSelector(dialog, { hidden: true });

    await press(page, "New key");
    await page.waitForSelector("::-p-aria([name='Value'][role='textbox'])");
    await page.keyboard.press("Escape");
    await page.waitForSelector(dialog, { hidden: true });
    expect(tab.complaints).to.deep.equal([]);
  });
});

/** Presses Tab until what has this name has the focus, once round at most. */
async function tabTo(page: Page, name: string, direction: "on" | "back" = "on"): Promise<void> {
  const passed: string[] = [];
  while (passed.length < 60) {
    if (direction === "back") await page.keyboard.down("Shift");
    await page.keyboard.press("Tab");
    if (direction === "back") await page.keyboard.up("Shift");
    const focused = await page.evaluate(focusedName);
    if (focused === name) return;
    passed.push(focused);
  }
  throw new Error(`Tab does not come to ${name}, but to ${passed.join(", ")}`);
}

/** Runs in the page. */
function focusedName(): string {
  const { activeElement } = document;
  const focused = activeElement?.shadowRoot?.activeElement ?? activeElement;
  const label = (focused as HTMLInputElement | null)?.labels?.[0]?.textContent;
  return focused?.getAttribute("aria-label") ?? label ?? focused?.textContent ?? "";
}
