import { setTimeout as sleep } from "node:timers/promises";
import type { Browser } from "puppeteer-core";
import { createEtcd } from "../../../src/index.ts";
import { type Frames, frameCategories, readFrames } from "./frames.ts";
import { scrollAndType } from "./hands.ts";
import { countHeld, type Held } from "./held.ts";
import { change, fill } from "./keys.ts";
import { openTab, type Tab } from "./tab.ts";
import { record } from "./trace.ts";

/** A list of keys, and for how long it is used. */
export interface BusyListOptions {
  readonly browser: Browser;
  /** Where the playground is. */
  readonly url: string;
  /** Where the page finds etcd. */
  readonly etcd: string;
  readonly keys: number;
  readonly changesPerSecond: number;
  readonly minutes: number;
  progress(text: string): void;
}

/** A stretch of the time. */
export interface Stretch {
  readonly frames: Frames;
  /** At its end. */
  readonly held: Held;
}

/** What was seen. */
export interface BusyList {
  readonly start: Held;
  /** Minute by minute; all a bit shorter where these are no whole minutes. */
  readonly stretches: readonly Stretch[];
  readonly changes: number;
}

const minuteMs = 60_000;
/** What has just changed is shown as such for 1.5 s. */
const settleMs = 2_000;

/** Scrolls a list of keys and types in its filter, minute after minute, while keys change. */
export async function watchBusyList(options: BusyListOptions): Promise<BusyList> {
  const { keys, progress } = options;
  await using client = createEtcd({ endpoints: options.etcd });
  progress(`putting ${keys} keys`);
  await fill(client, keys);
  await using tab = await openTab(options.browser);
  const at = encodeURIComponent(options.etcd);
  await tab.devtools.send("Page.navigate", { url: `${options.url}/#/keys?view=list&at=${at}` });
  await tab.until("the keys are there", shows(`${keys.toLocaleString("en")} keys`, "revision"));
  const stop = new AbortController();
  const changing = change(client, keys, options.changesPerSecond, stop.signal);
  const watched = forMinutes(tab, options).finally(() => stop.abort());
  const [seen, changes] = await Promise.all([watched, changing]);
  const { revision } = await client.range({ all: true }, { limit: 1, keysOnly: true });
  await tab.until("the list has followed all changes", shows(`revision ${revision}`));
  return { ...seen, changes };
}

async function forMinutes({ devtools }: Tab, options: BusyListOptions): Promise<Omit<BusyList, "changes">> {
  const { minutes, progress } = options;
  progress("warming up");
  await scrollAndType(devtools, settleMs);
  const start = await countWhenSettled(devtools);
  const count = Math.ceil(minutes);
  const stretches: Stretch[] = [];
  for (let i = 0; i < count; i++) {
    progress(`minute ${i + 1} of ${count}`);
    const use = (): Promise<void> => scrollAndType(devtools, (minutes / count) * minuteMs);
    const frames = readFrames(await record(devtools, frameCategories, use));
    stretches.push({ frames, held: await countWhenSettled(devtools) });
  }
  return { start, stretches };
}

async function countWhenSettled(devtools: Tab["devtools"]): Promise<Held> {
  await sleep(settleMs);
  return countHeld(devtools);
}

/** In the page: whether the line about the list says all of this. */
function shows(...words: readonly string[]): string {
  return `${JSON.stringify(words)}.every((word) => document.querySelector(".panel-meta")?.innerText.includes(word))`;
}
