import type { Page } from "puppeteer-core";
import { canHold } from "./playground-held.ts";
import { type Playground, shown, type Tab, writeValue } from "./playground-page.ts";

/** A key that was `before` and is being edited, on a line that can be held up. */
export async function editing(
  { witness, openReal }: Playground,
  key: string,
  before: string,
  text: string,
): Promise<Tab> {
  await witness.put(key, before);
  const tab = await openReal(`#/keys?key=${key}`, canHold);
  await writeValue(tab.page, `Value of ${key}`, text);
  await shown(tab.page, ".value-state", "Not saved yet");
  return tab;
}

/** What CodeMirror shows. */
export async function textOf(page: Page, label: string): Promise<string> {
  return await page.$eval(`::-p-aria([name="${label}"][role="textbox"])`, (content) =>
    Array.from(content.querySelectorAll(".cm-line"), ({ textContent }) => textContent).join("\n"),
  );
}
