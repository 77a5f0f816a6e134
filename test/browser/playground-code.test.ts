import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import type { Page } from "puppeteer-core";
import { eventually } from "../fixtures/eventually.ts";
import { type Playground, press, shown, startPlayground, type Tab, writeValue } from "./playground-page.ts";

const output = ".code-output";

describe("the playground's code panel", { timeout: 180_000 }, () => {
  let playground: Playground;
  before(async () => {
    playground = await startPlayground();
  });
  after(() => playground?.[Symbol.asyncDispose]());

  it("runs TypeScript against the etcd in the page, and prints what it says", async () => {
    await using tab = await run(
      await playground.open("#/code"),
      `import { etcd } from "playground";
      interface Setting { readonly name: string }
      const setting: Setting = { name: "theme" };
      const { revision } = await etcd.put(setting.name, "dark" satisfies string);
      console.log("put at", revision, await etcd.get(setting.name));
      console.warn(new Map([["a", 1n]]), [undefined, null], new Uint8Array([255, 0]));`,
    );
    await shown(tab.page, output, "Done", "put at 2n", '"theme" = "dark"', 'Map(1) { "a" → 1n }', "<ff 00>");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("runs it against a real etcd: a transaction, and what code copied from the page is like", async () => {
    await playground.witness.put("code/a", "1");
    await using tab = await run(
      await playground.openReal("#/code"),
      `const moved = await etcd.txn({
        compare: [compare.exists("code/a"), compare.missing("code/b")],
        success: [op.put("code/b", "1"), op.delete("code/a")],
      });
      console.log(moved.succeeded);`,
    );
    await shown(tab.page, output, "Done", "true");
    expect((await playground.witness.list("code/")).map(({ key, value }) => [key, value])).to.deep.equal([
      ["code/b", "1"],
    ]);
    await playground.witness.deletePrefix("code/");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("shows a watch as it happens, until it is stopped: then etcd holds no watch of it", async () => {
    const watchers = await playground.envoy.activeRequests();
    await using tab = await run(
      await playground.openReal("#/code"),
      `export default etcd.watch({ prefix: "seen/" });
       console.log("begun");`,
    );
    await shown(tab.page, output, "Running", "begun");
    await eventually("the watch is open", async () => (await tab.page.$(".pill")) ?? undefined);
    // The watch begins with its reader: write until it is seen.
    for (let number = 1; !(await outputOf(tab)).includes("seen/"); number++) {
      await playground.witness.put(`seen/${number}`, "yes");
    }
    await playground.witness.deletePrefix("seen/");
    await shown(tab.page, output, "delete");
    await press(tab.page, "Stop");
    await shown(tab.page, output, "Stopped");
    await eventually("the stream is closed", async () =>
      (await playground.envoy.activeRequests()) <= watchers ? true : undefined,
    );
    const before = await outputOf(tab);
    await playground.witness.put("seen/late", "no");
    expect(await outputOf(tab)).to.equal(before);
  });

  it("stops an endless loop, and runs the next code", async () => {
    await using tab = await run(await playground.open("#/code"), `for (;;) console.log("round");`);
    await shown(tab.page, output, "Running", "round");
    await press(tab.page, "Stop");
    await shown(tab.page, output, "Stopped");
    await eventually("no renderer is busy any more", async () =>
      (await busyShare(playground)) < 0.2 ? true : undefined,
    );
    await type(tab.page, `console.log("next", 6 * 7)`);
    await press(tab.page, "Run");
    await shown(tab.page, output, "Done", "next 42");
  });

  it("says where code is wrong, before and while it runs", async () => {
    await using tab = await run(await playground.open("#/code"), `const a = 1;\nconst b = ;`);
    await shown(tab.page, output, "Failed", "2:");
    await type(tab.page, `const a = 1;\nlet a = 2;`);
    await press(tab.page, "Run");
    await shown(tab.page, output, "Failed", "already been declared", "in line 2");
    await type(tab.page, `\n\nawait etcd.update("nowhere", "1", { ifModRevision: 7n });`);
    await press(tab.page, "Run");
    await shown(tab.page, output, "Failed", "EtcdError (conflict)", "in line 3");
    await type(tab.page, `import fs from "node:fs"; fs.readFileSync("/etc/passwd");`);
    await press(tab.page, "Run");
    await shown(tab.page, output, "Failed", 'There is no module "node:fs" here');
  });

  it("refuses writes where the connection is read-only", async () => {
    await using tab = await run(await playground.open("#/code?at=memory:ro&mode=read"), `await etcd.put("a", "1");`);
    await shown(tab.page, output, "Failed", "read-only");
  });

  for (const [example, words, left] of [
    [
      "atomic-move",
      ["Done", "drafts/letter is sent/letter since revision", "nothing was moved"],
      { "drafts/": ["A second one"], "sent/": ["Dear reader"] },
    ],
    ["lock", ["Done", "Ann prints page 3", "Ben prints page 3"], { "locks/": [] }],
    [
      "election",
      ["Done", "leader: first", "first crashes", "leader: second", "second leads after"],
      { "elections/": [] },
    ],
  ] as const) {
    it(`runs its example ${example}, on memory and on a real etcd`, async () => {
      for (const opened of [
        playground.open(`#/code?example=${example}`),
        playground.openReal(`#/code?example=${example}`),
      ]) {
        await using tab = await opened;
        await press(tab.page, "Run");
        await shown(tab.page, output, ...words);
        expect(tab.complaints).to.deep.equal([]);
      }
      for (const [prefix, values] of Object.entries(left)) {
        expect((await playground.witness.list(prefix)).map(({ value }) => value)).to.deep.equal(values);
      }
    });
  }

  it("runs code while nobody answers at the page's URL, once the editor has been open", async () => {
    await using tab = await run(await playground.open("#/code"), `console.log("with a host");`);
    await shown(tab.page, output, "Done", "with a host");
    await tab.page.evaluate(async () => {
      await navigator.serviceWorker.ready;
    });
    await playground.site.whileGone(async () => {
      await tab.page.reload();
      await run(tab, `await etcd.put("off", "line"); console.log((await etcd.get("off"))?.text());`);
      await shown(tab.page, output, "Done", "line");
    });
  });

  it("leaves one's own code alone where other code is opened, and keeps what is changed there", async () => {
    await using tab = await playground.open("#/code");
    const { page } = tab;
    await page.locator('::-p-aria([name="TypeScript"][role="textbox"])').wait();
    await writeValue(page, "TypeScript", "// my own work");
    await page.evaluate(() => location.assign("#/code?example=lock"));
    await holds(page, "createSession");
    await page.locator('::-p-aria([name="TypeScript"][role="textbox"])').click();
    await page.keyboard.type("/* changed */");
    await page.waitForFunction(() => location.hash.includes("changed+*/"));
    await page.reload();
    await holds(page, "/* changed */");
    await press(page, "Back to your own code");
    await holds(page, "// my own work");
    await page.goBack();
    await holds(page, "/* changed */");
    await press(page, "Keep this as your own code");
    await press(page, "Keep it");
    await page.waitForFunction(() => !location.hash.includes("changed+*/"));
    await page.reload();
    await holds(page, "/* changed */");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("runs its examples that follow changes", async () => {
    await using watching = await playground.openReal("#/code?example=first-watch");
    await press(watching.page, "Run");
    await shown(watching.page, output, "put greetings/en hello", "put greetings/de hallo", "delete greetings/en");
    await playground.witness.put("greetings/fr", "salut");
    await shown(watching.page, output, "put greetings/fr salut");
    await using viewing = await playground.openReal("#/code?example=live-view");
    await press(viewing.page, "Run");
    await shown(viewing.page, output, '"theme" → "light"', '"theme" → "dark"');
    await playground.witness.put("config/theme", '"blue"');
    await shown(viewing.page, output, '"theme" → "blue"');
  });
});

/** Puts code into the editor and runs it. */
async function run(tab: Tab, code: string): Promise<Tab> {
  await type(tab.page, code);
  await press(tab.page, "Run");
  return tab;
}

async function type(page: Page, code: string): Promise<void> {
  const { hash } = new URL(page.url());
  const params = new URLSearchParams(hash.split("?")[1]);
  params.set("code", code);
  await page.evaluate((next) => location.assign(next), `#/code?${params}`);
  await holds(page, code.split("\n").at(-1)?.trim() ?? "");
}

/** Waits until the editor does. */
async function holds(page: Page, text: string): Promise<void> {
  await page.waitForFunction(
    (wanted) => document.querySelector(".code-editor")?.shadowRoot?.textContent?.includes(wanted),
    {},
    text,
  );
}

async function outputOf({ page }: Tab): Promise<string> {
  return page.$eval(output, (element) => (element as HTMLElement).innerText);
}

/** Of a processor, by the busiest of the renderers. */
async function busyShare({ chromium }: Playground): Promise<number> {
  const session = await chromium.browser.target().createCDPSession();
  const times = async (): Promise<Map<number, number>> => {
    const { processInfo } = await session.send("SystemInfo.getProcessInfo");
    return new Map(processInfo.filter((each) => each.type === "renderer").map(({ id, cpuTime }) => [id, cpuTime]));
  };
  const before = await times();
  const begun = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 500));
  const seconds = (performance.now() - begun) / 1_000;
  const shares = Array.from(await times(), ([id, time]) => (time - (before.get(id) ?? 0)) / seconds);
  await session.detach();
  return Math.max(...shares);
}
