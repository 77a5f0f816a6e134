import { join } from "node:path";
import { test } from "node:test";
import { EdgeVM } from "@edge-runtime/vm";
import { expect } from "chai";
import { rolldown } from "rolldown";
import { createEtcd, passwordAuth } from "../../src/index.ts";
import { until } from "../contract/expectations.ts";
import { startEnvoy } from "../fixtures/envoy.ts";
import { startEtcd } from "../fixtures/etcd.ts";
import { turnOnAuth } from "../fixtures/etcd-users.ts";

const root = { name: "root", password: "right" } as const;

test("in Vercel's edge runtime a function signs in, reads, writes and watches, and leaves nothing behind", async () => {
  await using server = await startEtcd("3.7");
  await turnOnAuth(server.address, { root, reader: { name: "reader", password: "r" } });
  await using envoy = await startEnvoy({ etcd: [server.address] });
  await using etcd = createEtcd({ endpoints: envoy.url, auth: passwordAuth(root) });
  await using build = await rolldown({ input: join(import.meta.dirname, "edge/there/worker.ts"), platform: "browser" });
  const { output } = await build.generate({ format: "iife", name: "worker", exports: "named" });
  const vm = new EdgeVM({ initialCode: output[0].code });
  const variables = JSON.stringify({ ENDPOINT: envoy.url, PASSWORD: root.password });
  const ask = (path: string): Promise<Response> =>
    vm.evaluate(`worker.default.fetch(new Request("http://function/${path}"), ${variables})`);

  expect((await ask("shared/put/a")).status).to.equal(200);
  expect(await (await ask("own/get/a")).text()).to.equal("2");
  const lines = (await ask("own/watch/a")).body?.getReader();
  const line = async (): Promise<string> => new TextDecoder().decode((await lines?.read())?.value);
  expect(await line()).to.equal("opened\n");
  await etcd.put("a", "3");
  expect(await line()).to.equal("3\n");
  await lines?.cancel();
  await until("nothing is left", async () => {
    await etcd.put("a", "4");
    return (await server.watchers()) === 0;
  });
});
