import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "puppeteer-core";

/** What axe finds serious or critical in what the page shows, in light and in dark unless told. */
export async function seriousFaults(
  page: Page,
  schemes: readonly string[] = ["light", "dark"],
): Promise<readonly string[]> {
  // By the debugger: the page's content security policy lets no other script in.
  await page.evaluate(await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8"));
  const found: string[] = [];
  for (const scheme of schemes) {
    await page.emulateMediaFeatures([
      { name: "prefers-color-scheme", value: scheme },
      { name: "prefers-reduced-motion", value: "reduce" },
    ]);
    await page.evaluate(stillness);
    const { violations } = await page.evaluate(runAxe);
    for (const { id, impact, nodes } of violations) {
      if (impact !== "serious" && impact !== "critical") continue;
      found.push(...nodes.map(({ html, failureSummary }) => `${scheme}, ${id}: ${html} ${failureSummary}`));
    }
  }
  return found;
}

/** Runs in the page: what still fades in, or turns from light to dark, has no contrast yet. */
async function stillness(): Promise<void> {
  for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
  const passing = document.getAnimations().filter(({ effect }) => effect?.getTiming().iterations !== Infinity);
  await Promise.allSettled(passing.map(({ finished }) => finished));
}

/** Runs in the page. */
function runAxe(): Promise<AxeResults> {
  const { axe } = globalThis as unknown as { axe: { run(context: object): Promise<AxeResults> } };
  // What react-aria has just had read out stays for some seconds, also where what it was about is gone.
  return axe.run({ exclude: ["[data-live-announcer]"] });
}
