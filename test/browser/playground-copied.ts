import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { eventually } from "../fixtures/eventually.ts";
import { runCommand } from "../fixtures/run-command.ts";
import { press, shown, type Tab } from "./playground-page.ts";

const root = join(import.meta.dirname, "../..");

/** Presses what copies code, and gives what is on the clipboard then. */
export async function copied(page: Page, button = "Copy as code"): Promise<string> {
  await page.bringToFront();
  await page.waitForFunction(() => document.hasFocus()); // the clipboard is for whoever has it
  await page.evaluate(() => navigator.clipboard.writeText(""));
  await press(page, button);
  return eventually("code is copied", async () => {
    const text = await page.evaluate(() => navigator.clipboard.readText());
    return text === "" ? undefined : text;
  });
}

/** Runs code in another window of the same connection; gives what it printed. */
export async function runCopied({ page, beside }: Tab, code: string): Promise<string> {
  const { hash } = new URL(page.url());
  const params = new URLSearchParams({ code, at: new URLSearchParams(hash.split("?")[1]).get("at") ?? "" });
  await using tab = await beside(`#/code?${params}`);
  await tab.page.bringToFront();
  await press(tab.page, "Run");
  await shown(tab.page, ".code-output", "Done");
  // Not innerText: a line that the browser has not laid out yet (content-visibility) is not in it.
  const said = await tab.page.$eval(".code-output", (output) => output.textContent ?? "");
  await page.bringToFront();
  return said;
}

/** Compiles what was copied against the package's types: `etcd` is the page's client. Throws what the compiler says. */
export async function compileCopied(codes: readonly string[]): Promise<void> {
  const folder = join(root, ".cache/copied");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const compilerOptions = { noEmit: true, noUnusedLocals: false };
  const settings = { extends: "../../playground/tsconfig.json", compilerOptions, include: ["."] };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(settings));
  for (const [index, code] of codes.entries()) {
    await writeFile(join(folder, `${index}.ts`), `declare const etcd: import("etcd-web").Etcd;\n${code}\nexport {};\n`);
  }
  await runCommand(join(root, "node_modules/.bin/tsc"), ["-p", folder]);
}
