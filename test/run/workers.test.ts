import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { expect } from "chai";
import { rolldown } from "rolldown";
import { createEtcd, type Etcd, passwordAuth } from "../../src/index.ts";
import { until } from "../contract/expectations.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { type EtcdServer, startEtcd } from "../fixtures/etcd.ts";
import { turnOnAuth } from "../fixtures/etcd-users.ts";
import { type TemporaryFolder, temporaryFolder } from "../fixtures/temporary-folder.ts";
import { startWorkerd, type Workerd } from "../fixtures/workerd.ts";
import { type Front, startFront } from "./edge/front.ts";

const root = { name: "root", password: "right" } as const;

// Of the Worker in edge/there/worker.ts. Its first token is one that etcd does not know.
for (const compatibilityDate of ["2026-11-01", "2024-09-01"]) {
  suite(`requests of a Worker in the real workerd, as of ${compatibilityDate}`, { timeout: 120_000 }, () => {
    let folder: TemporaryFolder;
    let server: EtcdServer;
    let envoy: EnvoyProxy;
    let front: Front;
    let etcd: Etcd;
    let worker: Workerd;

    before(async () => {
      folder = await temporaryFolder("worker");
      await using bundle = await rolldown({ input: join(import.meta.dirname, "edge/there/worker.ts") });
      await bundle.write({ file: join(folder.path, "worker.js") });
      server = await startEtcd("3.7");
      await turnOnAuth(server.address, { root, reader: { name: "reader", password: "r" } });
      envoy = await startEnvoy({ etcd: [server.address] });
      front = await startFront(envoy.url);
      etcd = createEtcd({ endpoints: envoy.url, auth: passwordAuth(root) });
      const variables = { ENDPOINT: front.url, PASSWORD: root.password };
      worker = await startWorkerd({ folder: folder.path, script: "worker.js", variables, compatibilityDate });
    });
    after(async () => {
      await etcd?.close();
      await worker?.stop();
      await front?.[Symbol.asyncDispose]();
      await envoy?.stop();
      await server?.stop();
      await folder?.remove();
    });

    const ask = async (path: string): Promise<string> => {
      const response = await fetch(`${worker.url}/${path}`);
      const text = await response.text();
      expect(response.status, text).to.equal(200);
      return text;
    };

    test("one that ends while it renews the token of a shared client holds up no other", async () => {
      await etcd.put("a", "1");
      const release = front.hold("Auth.Authenticate");
      const first = fetch(`${worker.url}/shared/get/a?timeoutMs=1000`);
      await until("the first signs in", () => front.calls.includes("Auth.Authenticate"));
      const others = [ask("shared/get/a")];
      await until("another waits for that", async () => (await ask("begun")) === "2");
      expect(await (await first).text()).to.equal("timeout");
      await until("the runtime has dropped what it began", () => front.left.includes("Auth.Authenticate"));
      others.push(ask("shared/get/a"));
      release();
      expect(await Promise.all(others)).to.deep.equal(["1", "1"]);
      expect(await ask("shared/get/a")).to.equal("1");
    });

    test("one that ends while a shared client tries its endpoint holds up no other's write", async () => {
      const variables = { ENDPOINT: front.url, PASSWORD: root.password };
      await using fresh = await startWorkerd({
        folder: folder.path,
        script: "worker.js",
        variables,
        compatibilityDate,
      });
      const release = front.hold("KV.Range");
      const before = front.calls.length;
      const put = (query = ""): Promise<Response> => fetch(`${fresh.url}/shared/put/b${query}`);
      const first = put("?timeoutMs=1000");
      await until("the first tries the endpoint", () => front.calls.length > before);
      const others = [put()];
      expect(await (await first).text()).to.equal("timeout");
      await until("the runtime has dropped what it began", () => front.left.includes("KV.Range"));
      others.push(put());
      release();
      for (const other of others) expect((await other).status).to.equal(200);
      expect((await etcd.get("b"))?.text()).to.equal("2");
    });

    for (const whose of ["shared", "own"]) {
      test(`many at once, by ${whose === "own" ? "a client each" : "one client"}, each get their own answer`, async () => {
        const keys = Array.from({ length: 20 }, (_, index) => `${whose}-${index}`);
        await Promise.all(keys.map((key) => ask(`${whose}/put/${key}`)));
        const release = front.hold("KV.Range");
        const before = front.calls.length;
        const answers = Promise.all(keys.map((key) => ask(`${whose}/get/${key}`)));
        await until("all are under way", () => front.calls.length - before >= keys.length);
        release();
        expect(await answers).to.deep.equal(keys.map(() => "2"));
      });
    }

    test("two that watch, by a client each: one leaves, and the other goes on", async () => {
      const watchers = await server.watchers();
      const leaving = new AbortController();
      const open = async (signal?: AbortSignal): Promise<AsyncIterator<string>> => {
        const response = await fetch(`${worker.url}/own/watch/c`, { signal: signal ?? null });
        const lines = response.body?.pipeThrough(new TextDecoderStream())[Symbol.asyncIterator]();
        if (lines === undefined) throw new Error("There is no body");
        expect((await lines.next()).value).to.equal("opened\n");
        return lines;
      };
      const [one, other] = [await open(leaving.signal), await open()];
      await etcd.put("c", "1");
      expect([(await one.next()).value, (await other.next()).value]).to.deep.equal(["1\n", "1\n"]);
      leaving.abort();
      await etcd.put("c", "2");
      expect((await other.next()).value).to.equal("2\n");
      // workerd learns that a caller has gone when it writes to it.
      const isGone = async (): Promise<boolean> => {
        await etcd.put("c", "3");
        return (await server.watchers()) === watchers + 1;
      };
      await until("the one is gone", isGone);
      expect((await other.next()).value).to.contain("3\n");
      await other.return?.();
      await until("nothing is left", async () => {
        await etcd.put("c", "4");
        return (await server.watchers()) === watchers;
      });
    });

    test("nothing was logged", () => {
      expect(worker.output()).to.equal("");
    });
  });
}
