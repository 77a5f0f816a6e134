import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { startEtcd } from "../fixtures/etcd.ts";
import { type EtcdJson, etcdJson } from "../fixtures/etcd-json.ts";
import { engines, type Hand } from "./playground-hand.ts";
import { type PlaygroundSite, servePlayground } from "./playground-site.ts";

describe("the playground's core path", { timeout: 480_000 }, () => {
  const parts = new AsyncDisposableStack();
  let site: PlaygroundSite;
  let envoy: EnvoyProxy;
  let witness: EtcdJson;
  before(async () => {
    site = parts.use(await servePlayground());
    await listenToConsole(site.files);
    const etcd = parts.use(await startEtcd("3.7"));
    envoy = parts.use(await startEnvoy({ etcd: [etcd.address], allowOrigin: site.origin }));
    witness = etcdJson(etcd.address);
  });
  after(() => parts.disposeAsync());

  for (const [engine, launch] of Object.entries(engines)) {
    describe(`in ${engine}`, () => {
      let hand: Hand;
      before(async () => {
        hand = await launch();
      });
      after(() => hand?.[Symbol.asyncDispose]());

      it("opens with an etcd in the page, which is kept when the page is left", async () => {
        await hand.goto(`${site.pageUrl}/`);
        await hand.shown(".pill", "playground", "Live");
        await createKey(hand, "core/theme", "dark");
        await hand.shown(".key-lines", "core/", "theme");
        await saveValue(hand, "core/theme", "light");
        await quiet(hand);
        await hand.goto("about:blank"); // no window has it any more
        await hand.goto(`${site.pageUrl}/#/keys?key=core/theme`);
        await hand.shown(".panel-meta", "1 key");
        await hand.shown(".key-detail", "core/theme", "Version\n2");
        await quiet(hand);
        await hand.goto(`${site.pageUrl}/#/watch`);
        await hand.press("Watch…");
        await hand.write("Prefix", "core/");
        await hand.write("From revision", "1");
        await hand.press("Watch");
        await hand.shown(".event-rows", "create", "dark", "put", "light");
        await quiet(hand);
      });

      it("changes a real etcd, and shows what others change there", async () => {
        await witness.deletePrefix("core/");
        await hand.open(`${site.pageUrl}/#/keys?at=${envoy.url}&prefix=core/`);
        await hand.shown(".pill", "Live");
        await createKey(hand, "core/theme", "dark");
        expect((await witness.get("core/theme"))?.value).to.equal("dark");
        await saveValue(hand, "core/theme", "light");
        expect((await witness.get("core/theme"))?.value).to.equal("light");
        await witness.put("core/by-etcd", "1");
        await hand.shown(".key-lines", "by-etcd");
        await witness.delete("core/by-etcd");
        await hand.shown(".panel-meta", "1 key");
        await quiet(hand);
      });

      it("does not overwrite what somebody else has saved", async () => {
        await witness.put("core/theme", "light");
        await hand.goto(`${site.pageUrl}/#/keys?at=${envoy.url}&key=core/theme`);
        await hand.shown(".key-detail", "core/theme");
        await hand.write("Value of core/theme", "mine");
        await witness.put("core/theme", "theirs");
        await hand.shown(".value-behind", "while you were editing");
        await hand.press("Save");
        await hand.shown("[role=dialog]", "Somebody else was faster");
        expect((await witness.get("core/theme"))?.value).to.equal("theirs");
        await quiet(hand);
      });

      it("shows a watch's events", async () => {
        await hand.open(`${site.pageUrl}/#/watch?at=${envoy.url}`);
        await hand.press("Watch every key");
        await hand.shown(".watch-item", "revision");
        await witness.put("core/seen", "one");
        await witness.put("core/seen", "two");
        await witness.delete("core/seen");
        await hand.shown(".event-rows", "core/seen", "create", "one", "two", "delete");
        await quiet(hand);
      });

      for (const [place, at] of [
        ["in the page", () => "memory:core"],
        ["behind Envoy", () => envoy.url],
      ] as const) {
        it(`runs a transaction on an etcd ${place}, both ways`, async () => {
          await witness.delete("config/theme");
          await hand.open(`${site.pageUrl}/#/transaction?at=${at()}`);
          await hand.press("Run");
          await hand.shown(".txn-result", "The compares held");
          if (at() === envoy.url) expect((await witness.get("config/theme"))?.value).to.equal("dark");
          await hand.press("Run");
          await hand.shown(".txn-result", "A compare did not hold", "config/theme = dark");
          await quiet(hand);
        });

        it(`lets clients contend for a lock on an etcd ${place}: killed, one loses it to the next`, async () => {
          await hand.open(`${site.pageUrl}/#/locks?at=${at()}&ttl=3&name=core/lock`);
          await hand.press("Ann: lock");
          await hand.shown(".arena-log", "Ann has the lock");
          await hand.press("Ben: lock");
          await hand.shown(".locks-columns table", "Ann", "Ben");
          if (at() === envoy.url) expect(await witness.count("core/lock/")).to.equal(2);
          await hand.press("Kill Ann");
          await hand.shown(".arena-log", "The lease of Ann has run out", "Ben has the lock");
          if (at() === envoy.url) expect(await witness.count("core/lock/")).to.equal(1);
          await hand.press("Ben: unlock");
          await hand.shown(".locks-columns", "Nobody stands in line");
          await quiet(hand);
        });
      }

      it("runs a visitor's code", async () => {
        const code = `await etcd.put("core/code", "ran"); console.log("it", "ran");`;
        await hand.open(`${site.pageUrl}/#/code?at=${envoy.url}&code=${encodeURIComponent(code)}`);
        await hand.press("Run");
        await hand.shown(".code-output", "Done", "it ran");
        expect((await witness.get("core/code"))?.value).to.equal("ran");
        await quiet(hand);
      });
    });
  }
});

async function createKey(hand: Hand, key: string, value: string): Promise<void> {
  await hand.press("New key");
  await hand.write("Key", key);
  await hand.write("Value", value);
  await hand.press("Create");
  await hand.shown(".key-detail", key, "Version", "1");
}

async function saveValue(hand: Hand, key: string, value: string): Promise<void> {
  await hand.write(`Value of ${key}`, value);
  await hand.press("Save");
  await hand.shown(".toasts", `Saved ${key} at revision`);
}

/** The page has said nothing to the console, and its content security policy had nothing to forbid. */
async function quiet(hand: Hand): Promise<void> {
  expect(await hand.evaluate(heard)).to.deep.equal([]);
}

/** No driver tells of all that all browsers complain of: a script before the page's own listens. */
async function listenToConsole(files: string): Promise<void> {
  await writeFile(join(files, "listen.js"), `(${listen})();`);
  const index = join(files, "index.html");
  const html = await readFile(index, "utf8");
  const withListener = html.replace("</title>", '</title><script src="listen.js"></script>');
  expect(withListener).to.not.equal(html);
  await writeFile(index, withListener);
}

/** Runs in the page, first of all. */
function listen(): void {
  const heard: string[] = [];
  Object.assign(globalThis, { heard });
  for (const level of ["debug", "log", "info", "warn", "error"] as const) {
    console[level] = (...words: unknown[]) => heard.push(`${level}: ${words.map(String).join(" ")}`);
  }
  addEventListener("error", ({ message }) => heard.push(`uncaught: ${message}`));
  addEventListener("unhandledrejection", ({ reason }) => heard.push(`unhandled: ${String(reason)}`));
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
    heard.push(`forbidden by ${violatedDirective}: ${blockedURI}`);
  });
}

/** Runs in the page. */
function heard(): readonly string[] {
  return (globalThis as unknown as { readonly heard: readonly string[] }).heard;
}
