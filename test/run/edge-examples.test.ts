import { mkdir, readdir, readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { after, before, suite, test } from "node:test";
import { expect } from "chai";
import { rolldown } from "rolldown";
import { createEtcd, type Etcd } from "../../src/index.ts";
import { until } from "../contract/expectations.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { type EtcdServer, startEtcd } from "../fixtures/etcd.ts";
import { startWorkerd, type Workerd } from "../fixtures/workerd.ts";
import { startFront } from "./edge/front.ts";
import { type BuiltClone, buildClone } from "./examples/built-clone.ts";

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
  before(async () => {
    clone = await buildClone();
    server = await startEtcd("3.7");
    envoy = await startEnvoy({ etcd: [server.address] });
    etcd = createEtcd({ endpoints: envoy.url });
  });
  after(async () => {
    await etcd?.close();
    await envoy?.stop();
    await server?.stop();
    await clone?.[Symbol.asyncDispose]();
  });

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
});

/** Whether any file of a folder holds the text. */
async function isInside(folder: string, text: string): Promise<boolean> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && (await readFile(join(entry.parentPath, entry.name))).includes(text)) return true;
  }
  return false;
}
