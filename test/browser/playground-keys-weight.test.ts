import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import type { Page } from "puppeteer-core";
import { base64 } from "../fixtures/etcd-json.ts";
import { eventually } from "../fixtures/eventually.ts";
import { type Playground, shown, startPlayground } from "./playground-page.ts";

const keys = 2_000;
/** More lines than this are not in sight, with those above and below that wait for a scroll. */
const linesInSight = 80;

describe("the weight of the playground's list", { timeout: 240_000 }, () => {
  let playground: Playground;
  before(async () => {
    playground = await startPlayground();
    await playground.witness.putAll(Array.from({ length: keys }, (_, i) => keyOf(i)));
  });
  after(() => playground?.[Symbol.asyncDispose]());

  it("draws a line when it comes into sight, and when its key changes", async () => {
    await using tab = await playground.openReal("#/keys?prefix=many/&view=list");
    const { page } = tab;
    await shown(page, ".main", "2,000 keys", "revision");
    const drawn = await countDrawn(page);
    await scrollTo(page, 20);
    const came = await linesThatCame(page);
    expect(came).to.be.within(10, 30);
    expect(await drawn(), "those that came into sight").to.equal(came);

    await shown(page, ".main", `revision ${await write([put(keys - 1)])}`);
    expect(await drawn(), "one out of sight has changed").to.equal(0);

    await shown(page, ".main", `revision ${await write([put(30)])}`);
    // When it changes, and perhaps again when it is not new any more.
    expect(await drawn(), "one in sight has changed").to.be.within(1, 2);
    expect(tab.complaints).to.deep.equal([]);
  });

  it("holds no more after a thousand changes than before", async () => {
    await using tab = await playground.openReal("#/keys?prefix=many/&view=list");
    const { page } = tab;
    await shown(page, ".main", "2,000 keys", "revision");
    await shown(page, ".main", `revision ${await changeInSight(20)}`);
    const before = await countHeld(page);
    await shown(page, ".main", `revision ${await changeInSight(100)}`);
    const held = await countHeld(page);
    expect(held.lines).to.be.below(linesInSight);
    // A hundred nodes or a few listeners are those that come and go: a line, what is new in it, a tip.
    expect(held.nodes - before.nodes, "nodes").to.be.below(200);
    expect(held.listeners - before.listeners, "listeners").to.be.below(20);
    expect(tab.complaints).to.deep.equal([]);
  });

  /** All at one revision, which it gives. */
  async function write(success: readonly object[]): Promise<string> {
    const { header } = (await playground.witness.ask("kv/txn", { success })) as { header: { revision: string } };
    return header.revision;
  }

  /** Ten keys each time: eight that are in sight are put, one comes, and one goes. */
  async function changeInSight(times: number): Promise<string> {
    let revision = "";
    for (let i = 0; i < times; i++) {
      const puts = Array.from({ length: 8 }, (_, n) => put((i * 8 + n) % 24));
      const [comes, goes] = [i % 2, (i + 1) % 2].map((n) => base64(`${keyOf(0)}/${n}`));
      revision = await write([...puts, { requestPut: { key: comes } }, { requestDeleteRange: { key: goes } }]);
    }
    return revision;
  }
});

function put(i: number): object {
  return { requestPut: { key: base64(keyOf(i)) } };
}

function keyOf(i: number): string {
  return `many/${String(i).padStart(6, "0")}`;
}

/** How many lines have been drawn since it was asked last: each is a key that is made text. */
async function countDrawn(page: Page): Promise<() => Promise<number>> {
  await page.evaluate(() => {
    const state = window as unknown as { drawn: number };
    for (const line of document.querySelectorAll<HTMLElement>(".key-line")) line.dataset.before = "";
    const decode = TextDecoder.prototype.decode;
    state.drawn = 0;
    TextDecoder.prototype.decode = function (this: TextDecoder, input, options) {
      const text = decode.call(this, input, options);
      if (/^many\/\d{6}$/.test(text)) state.drawn++;
      return text;
    };
  });
  return () =>
    page.evaluate(() => {
      const state = window as unknown as { drawn: number };
      const { drawn } = state;
      state.drawn = 0;
      return drawn;
    });
}

/** Lines that were not in the page when counting began. */
function linesThatCame(page: Page): Promise<number> {
  return page.$$eval(".key-line:not([data-before])", (lines) => lines.length);
}

/** Until this line is the first in sight, and those that came with it are drawn. */
async function scrollTo(page: Page, line: number): Promise<void> {
  await page.$eval(".key-lines", (list, to) => list.scrollTo({ top: to * 28 }), line);
  await eventually("lines have come into sight", async () => ((await linesThatCame(page)) > 0 ? true : undefined));
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

async function countHeld(page: Page): Promise<{ lines: number; nodes: number; listeners: number }> {
  const devtools = await page.createCDPSession();
  await devtools.send("HeapProfiler.collectGarbage");
  const { nodes, jsEventListeners } = await devtools.send("Memory.getDOMCounters");
  const lines = await page.$$eval(".key-line", (each) => each.length);
  await devtools.detach();
  return { lines, nodes, listeners: jsEventListeners };
}
