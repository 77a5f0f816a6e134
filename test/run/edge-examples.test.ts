import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, suite, test } from "node:test";
import { expect } from "chai";
import type { Page } from "puppeteer-core";
import { rolldown } from "rolldown";
import type { Etcd } from "../../src/index.ts";
import { until } from "../contract/expectations.ts";
import { launchChromium } from "../fixtures/chromium.ts";
import type { EnvoyProxy } from "../fixtures/envoy.ts";
import type { EtcdServer } from "../fixtures/etcd.ts";
import { partBinary } from "../fixtures/install.ts";
import { denoPart } from "../fixtures/parts/runtime-parts.ts";
import { accepts, type Child, startChild, withFreePort } from "../fixtures/process.ts";
import { runCommand } from "../fixtures/run-command.ts";
import { type ServerCommand, startServerCommand } from "../fixtures/server-command.ts";
import { serveFolder } from "../fixtures/static-site.ts";
import { startWorkerd, type Workerd } from "../fixtures/workerd.ts";
import { startFront } from "./edge/front.ts";
import type { BuiltClone } from "./examples/built-clone.ts";
import { type Ground, startGround } from "./examples/ground.ts";

declare global {
  /** The heading as the server has sent it. */
  var served: Element | null;
}

/** What the Worker answers. */
interface Answer {
  readonly values: Readonly<Record<string, string>>;
  readonly revision: string;
  readonly stale: boolean;
  readonly source: string;
}

suite("the examples of the edge", () => {
  let clone: BuiltClone;
  let server: EtcdServer;
  let envoy: EnvoyProxy;
  let etcd: Etcd;
  let ground: Ground;
  before(async () => {
    ground = await startGround();
    ({ clone, server, envoy, etcd } = ground);
  });
  after(() => ground?.[Symbol.asyncDispose]());

  test("worker: one watch serves all requests, and what it has seen outlives it", async () => {
    const folder = dirname(clone.example("worker/worker.ts"));
    const storage = join(folder, "storage");
    await mkdir(storage);
    await using bundle = await rolldown({
      input: join(folder, "worker.ts"),
      external: ["cloudflare:workers"],
      logLevel: "silent",
    });
    await bundle.write({ file: join(folder, "worker.js"), codeSplitting: false });
    const start = (endpoints: string): Promise<Workerd> =>
      startWorkerd({
        folder,
        script: "worker.js",
        variables: { ENDPOINTS: endpoints },
        objects: { CONFIGURATION: "Configuration" },
        storage,
      });
    const ask = async ({ url }: Workerd): Promise<Answer> => (await (await fetch(url)).json()) as Answer;

    await etcd.put("config/theme", "dark");
    const front = await startFront(envoy.url);
    {
      await using worker = await start(front.url);
      const answers = await Promise.all(Array.from({ length: 20 }, () => ask(worker)));
      for (const { values, stale } of answers) {
        expect([values, stale]).to.deep.equal([{ "config/theme": "dark" }, false]);
      }
      const { revision } = await etcd.put("config/theme", "light");
      await until("the change is there", async () => (await ask(worker)).values["config/theme"] === "light");
      expect(await ask(worker)).to.include({ revision: String(revision), stale: false, source: "live" });
      expect(front.calls.filter((call) => call === "Watch.Watch")).to.have.length(1);

      expect(worker.output()).to.equal("");
      await until("what it has seen is stored", () => isInside(storage, "light"));
    } // its machine fails: nothing is left but what it has stored
    await until("its watch has ended", async () => (await server.watchers()) === 0);
    const before = front.calls.length;
    await etcd.put("config/added", "!");
    {
      await using next = await start(front.url);
      expect((await ask(next)).values).to.deep.equal({ "config/added": "!", "config/theme": "light" });
      expect(front.calls[before]).to.equal("Watch.Watch"); // from where the last one was: nothing is read first
      await until("what it has seen is stored", () => isInside(storage, "config/added"));
      expect(next.output()).to.equal("");
    }
    await front[Symbol.asyncDispose](); // nobody reaches etcd any more
    await using later = await start(front.url);
    expect(await ask(later)).to.deep.include({
      values: { "config/added": "!", "config/theme": "light" },
      stale: true,
      source: "stored",
    });
  });

  test("deno-function: few calls for many requests, with permission for one host and nothing else", async () => {
    await using front = await startFront(envoy.url);
    await setEndpoint(clone.example("deno-function/main.ts"), front.url);
    await using deno = await serveWithDeno(clone.example("deno-function/main.ts"), [`--allow-net=${front.host}`]);
    const ask = async (): Promise<string> => (await (await fetch(deno.url)).text()).trim();
    expect(await ask()).to.equal("Hello");
    await etcd.put("config/greeting", '"Hello from etcd"');
    const answers = await Promise.all(Array.from({ length: 50 }, ask));
    for (const answer of answers) expect(answer).to.be.oneOf(["Hello", "Hello from etcd"]);
    await until("the change is there", async () => (await ask()) === "Hello from etcd");
    expect(front.calls.length).to.be.lessThan(10);
    expect([...new Set(front.calls)]).to.deep.equal(["KV.Range"]);
    expect(deno.output().replace(/^.*Listening on.*$/m, "")).to.match(/^\s*$/);
  });

  test("deno-function: without that permission it says what it lacks", async () => {
    await using deno = await serveWithDeno(clone.example("deno-function/main.ts"), []);
    expect((await fetch(deno.url)).status).to.equal(500);
    expect(deno.output()).to.contain("Requires net access");
  });

  test("plain-page: follows a value in Chromium, by the bundle alone", async () => {
    await setEndpoint(clone.example("plain-page/index.html"), envoy.url);
    await etcd.delete("config/title");
    await using site = await serveFolder(join(clone.example("."), "../.."));
    await using chromium = await launchChromium();
    const page = await chromium.browser.newPage();
    const complaints = complaintsOf(page);
    await page.goto(`${site.url}/playground/examples/plain-page/`);
    const shows = async (text: string): Promise<boolean> => (await page.$eval("h1", (h1) => h1.textContent)) === text;
    await until("it says that there is none", () => shows("(none)"));
    await until("it is live", async () => (await page.$eval("#state", (state) => state.textContent)) === "live");
    await etcd.put("config/title", "Hello");
    await until("it follows", () => shows("Hello"));
    await etcd.delete("config/title");
    await until("it follows to the end", () => shows("(none)"));
    expect(complaints).to.deep.equal([]);
    await page.close();
    await until("nothing of it is left", async () => (await server.watchers()) === 0);
  });

  test("react-app: what the server rendered is taken over; no read comes before it, and the first call is the watch", async () => {
    await using front = await startFront(envoy.url);
    await etcd.put("config/title", "<Hello>");
    await using chromium = await launchChromium();
    await using app = await serveReactApp(dirname(clone.example("react-app/page.tsx")), front.url);
    await until("the server knows", async () =>
      (await (await fetch(app.url)).text()).includes("<h1>&lt;Hello&gt;</h1>"),
    );

    const release = front.hold("Watch.Watch");
    const page = await chromium.browser.newPage();
    const complaints = complaintsOf(page);
    await page.evaluateOnNewDocument(() => {
      const remember = (): void => {
        globalThis.served ??= document.querySelector("h1");
      };
      document.addEventListener("readystatechange", remember); // before any module runs
    });
    const shows = (): Promise<string | null> => page.$eval("h1", (h1) => h1.textContent);
    await page.goto(app.url);
    await until("it is painted, and asks for the watch", async () => {
      const paints = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint").length);
      return paints === 1 && front.pageCalls.length > 0;
    });
    expect([front.pageCalls, await shows()]).to.deep.equal([["Watch.Watch"], "<Hello>"]);
    await etcd.put("config/title", "Changed meanwhile");
    release();
    await until("it goes on where the server was", async () => (await shows()) === "Changed meanwhile");
    await etcd.put("config/title", "Changed again");
    await until("it follows", async () => (await shows()) === "Changed again");
    expect(await page.evaluate(() => document.querySelector("h1") === globalThis.served)).to.equal(true);
    expect(complaints).to.deep.equal([]);
  });
});

/** What a page has to say, as it comes. */
function complaintsOf(page: Page): readonly string[] {
  const complaints: string[] = [];
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(String(error)));
  return complaints;
}

/** Whether any file of a folder holds the text. */
async function isInside(folder: string, text: string): Promise<boolean> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && (await readFile(join(entry.parentPath, entry.name))).includes(text)) return true;
  }
  return false;
}

/** The examples name the etcd of those who read them. */
async function setEndpoint(file: string, url: string): Promise<void> {
  const text = await readFile(file, "utf8");
  expect(text).to.contain("http://127.0.0.1:8080");
  await writeFile(file, text.replaceAll("http://127.0.0.1:8080", url));
}

/** Deno's own server, which needs no permission to listen. */
async function serveWithDeno(file: string, permissions: readonly string[]): Promise<Child & { readonly url: string }> {
  const command = await partBinary(denoPart.name);
  return await withFreePort(async (port) => {
    const url = `http://127.0.0.1:${port}`;
    const listen = ["--host", "127.0.0.1", "--port", String(port)];
    const args = ["serve", "--no-prompt", "--quiet", ...listen, ...permissions, file];
    const child = await startChild({ name: "Deno", command, args, ready: () => accepts(port) });
    return { ...child, url };
  });
}

/** Builds the React app, and serves it with Node. */
async function serveReactApp(folder: string, endpoints: string): Promise<ServerCommand> {
  const rolldownCommand = join(import.meta.dirname, "../../node_modules/.bin/rolldown");
  await runCommand(rolldownCommand, ["-c", "rolldown.config.ts"], { cwd: folder });
  return await withFreePort((port) =>
    startServerCommand(process.execPath, ["dist/server.js"], {
      cwd: folder,
      env: { ENDPOINTS: endpoints, PORT: String(port) },
    }),
  );
}
