import { test } from "node:test";
import { expect } from "chai";
import { createEtcd } from "../../src/index.ts";
import { until } from "../contract/expectations.ts";
import { expectAll, follow } from "../contract/follow.ts";
import { History } from "../contract/history.ts";
import { startWriter } from "../contract/writer.ts";
import { startEnvoy } from "../fixtures/envoy.ts";
import type { EnvoyConfig } from "../fixtures/envoy-config.ts";
import { startFaultProxy } from "../fixtures/fault-proxy.ts";
import { seeded } from "../fixtures/faults/seeded.ts";
import { startContractEtcd } from "./behind-envoy.ts";

/** Settings of a proxy's that end a stream at an age: those of the shipped file let it live. */
const cuts: Readonly<Record<string, (config: EnvoyConfig) => void>> = {
  "a route timeout": ({ route }) => {
    route.route.timeout = "3s";
  },
  "a longest stream": ({ route }) => {
    Object.assign(route.route, { max_stream_duration: { max_stream_duration: "3s" } });
  },
};

for (const [name, overrides] of Object.entries(cuts)) {
  test(`behind an Envoy with ${name}, a watch is cut twice, then never again: streams are replaced before`, async () => {
    await using etcd = await startContractEtcd("3.7");
    await using envoy = await startEnvoy({ etcd: [etcd.address], overrides });
    await using proxy = await startFaultProxy(envoy.url);
    await using lasting = await startEnvoy({ etcd: [etcd.address] });
    await using client = createEtcd({ endpoints: proxy.url });
    await using direct = createEtcd({ endpoints: lasting.url });
    const opened = (): number => proxy.requests.filter(({ path }) => path === "/etcdserverpb.Watch/Watch").length;

    const history = new History();
    const writer = startWriter(direct, "planned/", history, seeded(1).random);
    const watch = client.watch({ prefix: "planned/" });
    const quiet = client.watch("nobody writes this");
    const got = follow(watch);
    const gotQuiet = follow(quiet);
    const first = await watch.opened;
    let reconnects = 0;
    client.connection.subscribe(() => {
      if (client.connection.state.state === "reconnecting") reconnects++;
    });
    await until("the proxy has cut twice", () => reconnects === 2, 30_000);
    await until("the watch is back", () => client.connection.state.state === "live");
    const before = opened();
    await until("three more streams have been opened", () => opened() >= before + 3, 30_000);

    await writer.stop();
    await expectAll(got, history, first);
    expect([reconnects, gotQuiet]).to.deep.equal([2, []]);
    expect(proxy.openStreams).to.be.at.most(3);
  });
}
