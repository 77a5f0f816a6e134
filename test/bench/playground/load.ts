import type { Browser } from "puppeteer-core";
import { openTab } from "./tab.ts";
import { record, type TraceEvent } from "./trace.ts";

/** Milliseconds from the beginning of the navigation. */
export interface Load {
  /** Until the first text or image is on the screen. */
  readonly firstContent: number;
  /** Until the list of keys is live, its filter takes letters and a key can be put: etcd has answered. */
  readonly firstUse: number;
}

const mark = "first use";
const live = `document.querySelector(".key-filter input") && /revision/.test(document.querySelector(".panel-meta")?.textContent)`;
/** Looks after each change of the document, within the task that made it. */
const watcher = `new MutationObserver((_, observer) => {
  if (!(${live})) return;
  performance.mark(${JSON.stringify(mark)});
  observer.disconnect();
}).observe(document, { childList: true, subtree: true, characterData: true });`;

/** Loads a page for the first time in its life, with a processor that is so many times slower. */
export async function load(browser: Browser, url: string, slower: number): Promise<Load> {
  await using tab = await openTab(browser);
  const { devtools } = tab;
  await devtools.send("Page.enable");
  await devtools.send("Page.addScriptToEvaluateOnNewDocument", { source: watcher });
  await devtools.send("Emulation.setCPUThrottlingRate", { rate: slower });
  const events = await record(devtools, ["loading", "blink.user_timing"], async () => {
    await devtools.send("Page.navigate", { url });
    await tab.until("the page can be used", `performance.getEntriesByName(${JSON.stringify(mark)}).length > 0`);
    await typeToProveIt(tab);
  });
  return readLoad(events);
}

/** A letter in the filter is answered: else the mark has told a lie. */
async function typeToProveIt({ devtools, until }: Awaited<ReturnType<typeof openTab>>): Promise<void> {
  for (const text of ["/", "q"]) {
    await devtools.send("Input.dispatchKeyEvent", { type: "keyDown", key: text, text });
    await devtools.send("Input.dispatchKeyEvent", { type: "keyUp", key: text });
  }
  await until("the filter answers", `document.querySelector(".key-list").innerText.includes("No key matches")`);
}

/** The page's load in a trace: of its navigation, and no frame's or worker's. */
export function readLoad(events: readonly TraceEvent[]): Load {
  const used = only(events, mark);
  const { navigationId } = dataOf(used);
  const ofThis = (name: string): TraceEvent =>
    only(
      events.filter((event) => dataOf(event).navigationId === navigationId),
      name,
    );
  const start = ofThis("navigationStart").ts;
  return { firstContent: (ofThis("firstContentfulPaint").ts - start) / 1000, firstUse: (used.ts - start) / 1000 };
}

function only(events: readonly TraceEvent[], name: string): TraceEvent {
  const found = events.filter((event) => event.name === name);
  if (found.length !== 1 || found[0] === undefined) throw new Error(`The trace has "${name}" ${found.length} times.`);
  return found[0];
}

function dataOf({ args }: TraceEvent): { readonly navigationId?: string } {
  return (args?.data ?? {}) as { readonly navigationId?: string };
}
