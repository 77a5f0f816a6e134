import { test } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "chai";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import { isEtcdError } from "../../../src/index.ts";
import { createView, type ViewStorage } from "../../../src/live/index.ts";
import { firstReady } from "../../../src/react/first-ready.ts";
import { createFakePlatform } from "../support/fake-platform.ts";
import { liveScene } from "../support/live-scene.ts";
import { scriptEtcd } from "../support/scripted-etcd.ts";
import { stallingTransport } from "../support/stalling-transport.ts";

const range = { prefix: "config/" } as const;
const kept = '{"revision":"1","clusterId":"1","entries":[["config/a","kept","1"]]}';

test("what an asynchronous storage has kept is enough, also where there is no etcd; nothing is followed for it", async () => {
  const { platform, memory } = liveScene();
  const link = stallingTransport(memory.transport);
  link.stall();
  const client = createEtcdOn(platform, { transport: link });
  const loading = Promise.withResolvers<string>();
  const storage: ViewStorage = { load: () => loading.promise, save: () => {} };
  const view = createView(client, range, { storage, graceMs: 0 });
  let shown: string | undefined;
  const ready = firstReady(view);
  void ready.then(() => {
    shown = view.get("config/a");
  });
  await platform.pass(100);
  expect(shown).to.equal(undefined);
  loading.resolve(kept);
  await platform.pass(0);
  expect(shown).to.equal("kept");
  expect(firstReady(view)).to.equal(ready);
  await platform.pass(100);
  expect([client.connection.state.state, platform.timers]).to.deep.equal(["idle", 0]);
});

test("an error that comes before anything is kept is the render's", async () => {
  const platform = createFakePlatform();
  const etcd = scriptEtcd();
  etcd.readErrors.push(new ConnectError("etcdserver: permission denied", Code.PermissionDenied));
  const storage: ViewStorage = { load: async () => undefined, save: () => {} };
  const view = createView(createEtcdOn(platform, { transport: etcd.transport }), range, { storage });
  const failure = firstReady(view).catch((error: unknown) => error);
  await platform.pass(100);
  expect(isEtcdError(await failure, "permission-denied")).to.equal(true);
  await view.close();
});
