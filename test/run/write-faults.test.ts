import { after, before, suite, test } from "node:test";
import { expect } from "chai";
import { createEtcdOn } from "../../src/client/create-etcd.ts";
import { createEtcd, type Etcd, type EtcdOptions, isEtcdError } from "../../src/index.ts";
import { globalPlatform } from "../../src/platform/platform.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { type EtcdServer, startEtcd } from "../fixtures/etcd.ts";
import { type FaultProxy, startFaultProxy } from "../fixtures/fault-proxy.ts";
import { type Seeded, seeded } from "../fixtures/faults/seeded.ts";

const increments = Number(process.env.INCREMENTS ?? 3_000);
const workers = 20;

const faults: Readonly<Record<string, (proxy: FaultProxy) => void>> = {
  refused(proxy) {
    proxy.refuse();
    proxy.cut();
  },
  stalled: (proxy) => proxy.stall("both"),
  "answering 503": (proxy) => proxy.answer({ status: 503 }),
};

suite("etcd 3.7 behind links that break: writes", () => {
  let etcd: EtcdServer;
  let envoy: EnvoyProxy;
  before(async () => {
    etcd = await startEtcd("3.7");
    envoy = await startEnvoy({ etcd: [etcd.address] });
  });
  after(async () => {
    await envoy?.stop();
    await etcd?.stop();
  });

  test(`${increments} increments under cuts: none runs twice, and what the client was told is so`, async () => {
    const seed = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
    console.log(`SEED=${seed}`);
    const draw = seeded(seed);
    await using proxy = await startFaultProxy(envoy.url);
    await using client = hasty({ endpoints: proxy.url });
    await using direct = createEtcd({ endpoints: envoy.url });
    const saboteur = setInterval(() => sabotage(proxy, draw), 20);
    const counting = Array.from({ length: workers }, (_, worker) =>
      count(client, direct, `count/${worker}`, increments / workers),
    );
    const counters = await Promise.all(counting).finally(() => clearInterval(saboteur));
    await proxy.mend();
    const ran = await history(direct, "count/");
    for (const { key, told, doubtful } of counters) {
      // Every number once and in order: nothing ran twice, nothing that was confirmed is missing.
      const values = ran.get(key) ?? [];
      expect(values).to.deep.equal(Array.from(values, (_, index) => index + 1));
      expect(values.length).to.be.within(told, told + doubtful);
    }
    const [told, doubtful] = [sum(counters.map((each) => each.told)), sum(counters.map((each) => each.doubtful))];
    const repeated = sum([...ran.values()].map(({ length }) => length)) - told;
    console.log(`${told} confirmed, ${doubtful} may have run, of which ${repeated} had; ${proxy.cuts} answers cut`);
    expect(doubtful).to.be.greaterThan(0);
  });

  for (const [fault, apply] of Object.entries(faults)) {
    test(`with one endpoint of three ${fault}, reads and writes go on at the others`, async () => {
      await using proxies = await startProxies(envoy, 3);
      await using client = hasty({ endpoints: proxies.urls, timeoutMs: 2_000 });
      await client.put("going", "on");
      apply(proxies.all[0] as FaultProxy);
      // What is on its way when it happens may fail if it is a write, and says that it may have run.
      const meeting = await Promise.allSettled([client.get("going"), client.put("going", "on"), client.get("going")]);
      expect(meeting[0].status === "fulfilled" && meeting[2].status === "fulfilled").to.equal(true);
      const [, write] = meeting;
      if (write.status === "rejected") expect(isEtcdError(write.reason) && write.reason.mayHaveRun).to.equal(true);
      const from = performance.now();
      for (let i = 0; i < 50; i++) {
        await client.put("going", String(i));
        expect((await client.get("going"))?.text()).to.equal(String(i));
      }
      expect(performance.now() - from).to.be.lessThan(2_000);
    });
  }
});

/** A client that hardly waits between its tries. */
function hasty(options: EtcdOptions): Etcd {
  return createEtcdOn({ ...globalPlatform, random: () => 0.02 }, options);
}

function sabotage(proxy: FaultProxy, draw: Seeded): void {
  const how = draw.pick<"close" | "reset">(["close", "reset"]);
  const path = draw.pick(["/etcdserverpb.KV/Txn", "/etcdserverpb.KV/Txn", "/etcdserverpb.KV/Range"]);
  if (draw.random() < 0.1) proxy.cut(how);
  else proxy.cutAfterBytes(draw.between(0, 40), { path, how });
}

interface Counter {
  readonly key: string;
  told: number;
  doubtful: number;
}

/** Counts up one key, which nobody else writes; asks on the way that holds what became of what may have run. */
async function count(client: Etcd, direct: Etcd, key: string, times: number): Promise<Counter> {
  const counter: Counter = { key, told: 0, doubtful: 0 };
  let at = { value: 0, revision: 0n };
  let inDoubt = false;
  for (let tries = 0; tries < times; tries++) {
    try {
      const write = { ifModRevision: at.revision };
      const { revision } = await client.update(key, String(at.value + 1), write);
      at = { value: at.value + 1, revision };
      counter.told++;
      inDoubt = false;
    } catch (error) {
      if (!isEtcdError(error)) throw error;
      // A conflict is with a write that ran late, or else with one of which we were told otherwise.
      if (error.code !== "unavailable" && !(error.code === "conflict" && inDoubt)) throw error;
      inDoubt = error.mayHaveRun;
      if (inDoubt) counter.doubtful++;
      const kv = await direct.get(key);
      at = kv === undefined ? { value: 0, revision: 0n } : { value: Number(kv.text()), revision: kv.modRevision };
    }
  }
  return counter;
}

/** What was ever written below a prefix, key by key. */
async function history(etcd: Etcd, prefix: string): Promise<Map<string, number[]>> {
  const found = new Map<string, number[]>();
  const { revision: last } = await etcd.range({ prefix }, { limit: 1 });
  for await (const { revision, events } of etcd.watch({ prefix }, { startRevision: 1n }).batches()) {
    for (const { kv } of events) {
      if (!("text" in kv)) continue;
      const values = found.get(kv.keyText()) ?? [];
      found.set(kv.keyText(), [...values, Number(kv.text())]);
    }
    if (revision >= last) break;
  }
  return found;
}

interface Proxies extends AsyncDisposable {
  readonly all: readonly FaultProxy[];
  readonly urls: readonly string[];
}

async function startProxies(envoy: EnvoyProxy, count: number): Promise<Proxies> {
  const all = await Promise.all(Array.from({ length: count }, () => startFaultProxy(envoy.url)));
  return {
    all,
    urls: all.map(({ url }) => url),
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((proxy) => proxy[Symbol.asyncDispose]()));
    },
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
