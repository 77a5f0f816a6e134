import { after, before, suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import type { CDPSession, Page } from "puppeteer-core";
import { createEtcd, type Etcd } from "../../src/index.ts";
import { type Chromium, launchChromium } from "../fixtures/chromium.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { type EtcdServer, startEtcd } from "../fixtures/etcd.ts";
import { eventually } from "../fixtures/eventually.ts";
import { type ScriptSite, serveScript } from "./script-site.ts";

const many = 10;
/** Milliseconds until the others are live again, in the median. */
const bearable = 2_000;

/** Ways to stop a renderer that leave it its lock. */
const stops: readonly {
  readonly how: string;
  stop(session: CDPSession): Promise<unknown>;
  resume(session: CDPSession): Promise<unknown>;
}[] = [
  {
    how: "is frozen by the browser",
    stop: (session) => session.send("Page.setWebLifecycleState", { state: "frozen" }),
    resume: (session) => session.send("Page.setWebLifecycleState", { state: "active" }),
  },
  {
    how: "hangs",
    stop: async (session) => {
      await session.send("Debugger.enable");
      await session.send("Debugger.pause");
    },
    resume: (session) => session.send("Debugger.disable"),
  },
];

/** Ten tabs, whose holder is stopped so often in each way; the times until the others are live again are told. */
export function tabsSuite(kills: number): void {
  suite("ten tabs of one Chromium", { timeout: 200_000 + kills * 30_000 }, () => tenTabs(kills));
}

function tenTabs(kills: number): void {
  let etcd: EtcdServer;
  let envoy: EnvoyProxy;
  let site: ScriptSite;
  let chromium: Chromium;
  let writer: Etcd;
  let start: string;
  const tabs: Page[] = [];
  const revisions: string[] = [];
  let last = 0;

  before(async () => {
    const args = ["--renderer-process-limit=100", "--disable-features=IsolateOrigins"];
    [etcd, site, chromium] = await Promise.all([
      startEtcd("3.7"),
      serveScript("tabs-page.ts"),
      launchChromium({ args }),
    ]);
    envoy = await startEnvoy({ etcd: [etcd.address], allowOrigin: new URL(site.url).origin });
    writer = createEtcd({ endpoints: envoy.url });
    start = ((await writer.put("elsewhere", "")).revision + 1n).toString();
    for (let i = 0; i < many; i++) tabs.push(await openTab("reader"));
  });
  after(async () => {
    await writer?.close();
    for (const part of [chromium, envoy, etcd, site]) await part?.stop();
  });

  async function openTab(share: "reader" | "view"): Promise<Page> {
    const page = await chromium.browser.newPage();
    await page.goto(site.url);
    await page.waitForFunction(() => "startTab" in globalThis);
    await page.evaluate((...given) => globalThis.startTab(...given), envoy.url, start, share);
    return page;
  }

  async function put(): Promise<string> {
    const value = String(++last);
    revisions.push((await writer.put("config/n", value)).revision.toString());
    return value;
  }

  /** When the last of the tabs showed the value. */
  async function shown(pages: readonly Page[], value: string): Promise<number> {
    const shownAt = (page: Page): Promise<number> =>
      page
        .waitForFunction((given) => globalThis.tabRecord.shownAt[given], { timeout: 60_000, polling: 20 }, value)
        .then((handle) => handle.jsonValue() as Promise<number>);
    return Math.max(...(await Promise.all(pages.map(shownAt))));
  }

  async function holder(): Promise<Page> {
    for (let i = 0; i < 100; i++) {
      for (const tab of tabs) if ((await tab.evaluate(() => globalThis.tabRecord.streams)) > 0) return tab;
      await sleep(50);
    }
    throw new Error("No tab holds a stream");
  }

  /** Lets the holder go in some way; gives the milliseconds until all others show what was put after that. */
  async function gone(
    leave: (page: Page, session: CDPSession) => Promise<unknown>,
  ): Promise<[number, Page, CDPSession]> {
    const old = await holder();
    const session = await old.createCDPSession();
    const begun = Date.now();
    await leave(old, session);
    const value = await put();
    const others = tabs.filter((tab) => tab !== old);
    return [(await shown(others, value)) - begun, old, session];
  }

  /** A view may show by its first read what the tab's watch has yet to catch up with. */
  async function expectNothingLost(): Promise<void> {
    for (const tab of tabs) {
      await tab
        .waitForFunction(
          (last) => globalThis.tabRecord.failure !== undefined || globalThis.tabRecord.revisions.at(-1) === last,
          { timeout: 60_000, polling: 20 },
          revisions.at(-1),
        )
        .catch(() => {}); // what it has seen instead says more
      const { revisions: seen, failure } = await tab.evaluate(() => globalThis.tabRecord);
      expect([failure, seen]).to.deep.equal([undefined, revisions]);
    }
  }

  test("hold one watch", async () => {
    await shown(tabs, await put());
    await watchersBecome(etcd, 1);
    await expectNothingLost();
  });

  test(`go on when the holder's renderer is killed (${kills} times)`, async (context) => {
    const times: number[] = [];
    for (let i = 0; i < kills; i++) {
      const [ms, old] = await gone(async (_, session) => {
        session.send("Page.crash").catch(() => {}); // nobody is left to answer
      });
      times.push(ms);
      tabs.splice(tabs.indexOf(old), 1);
      await old.close();
      tabs.push(await openTab("reader"));
      await shown(tabs, await put());
    }
    context.diagnostic(`milliseconds until all others were live again: ${times.join(", ")}; median ${median(times)}`);
    expect(median(times)).to.be.lessThan(bearable);
    await expectNothingLost();
    await watchersBecome(etcd, 1);
  });

  for (const { how, stop, resume } of stops) {
    test(`go on when the holder ${how}, and so does it when that is over (${kills} times)`, async (context) => {
      const times: number[] = [];
      for (let i = 0; i < kills; i++) {
        const [ms, , session] = await gone((_, each) => stop(each));
        times.push(ms);
        await resume(session);
        await session.detach();
        await shown(tabs, await put());
      }
      context.diagnostic(`milliseconds until all others were live again: ${times.join(", ")}; median ${median(times)}`);
      expect(median(times)).to.be.lessThan(bearable);
      await expectNothingLost();
      await watchersBecome(etcd, 1);
    });
  }

  test("leave nothing when they are closed; views share by themselves where they are told to", async () => {
    for (const tab of tabs.splice(0)) await tab.close();
    await watchersBecome(etcd, 0);
    tabs.push(await openTab("view"), await openTab("view"));
    await shown(tabs, await put());
    await watchersBecome(etcd, 1);
  });
}

async function watchersBecome(etcd: EtcdServer, wanted: number): Promise<void> {
  await eventually(`etcd has ${wanted} watchers`, async () => (await watchers(etcd)) === wanted || undefined);
}

async function watchers({ address }: EtcdServer): Promise<number> {
  const metrics = await (await fetch(`http://${address}/metrics`)).text();
  return Number(/^etcd_debugging_mvcc_watcher_total (\d+)/m.exec(metrics)?.[1]);
}

function median(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)] ?? Number.NaN;
}
