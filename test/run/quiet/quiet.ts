import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@connectrpc/connect";
import { expect } from "chai";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import { createEtcd, type Etcd, type Watch } from "../../../src/index.ts";
import { globalPlatform } from "../../../src/platform/platform.ts";
import { KV } from "../../../src/proto.ts";
import { until } from "../../contract/expectations.ts";
import { startEnvoy } from "../../fixtures/envoy.ts";
import { progressNotifyInterval, startEtcd } from "../../fixtures/etcd.ts";
import { type FaultProxy, startFaultProxy } from "../../fixtures/fault-proxy.ts";
import type { EtcdVersion } from "../../fixtures/versions.ts";

/** What goes on around quiet watches. */
export interface Neighbourhood {
  readonly version: EtcdVersion;
  /** How often etcd tells a quiet watch its revision; a server that nobody has configured: "10m". */
  readonly notifyInterval: string;
  /** How many revisions the neighbours write, and for how long at the least. */
  readonly revisions: number;
  readonly lastsMs: number;
  readonly compactEveryMs: number;
  /** How much history a compaction leaves: none, or, as etcd's own do, that since the one before. */
  readonly leaves: "nothing" | "a period";
  /** How often the link of the watches is cut. */
  readonly cuts: number;
  /** What is watched: a key that is there, one that is not, and all that begin like them. */
  readonly watched: readonly (keyof typeof ranges)[];
}

const [present, absent] = ["quiet/present", "quiet/absent"];
const ranges = { present, absent, prefix: { prefix: "quiet/" } } as const;

/** What a run has taken. */
interface Figures {
  readonly cpuSeconds: number;
  readonly seconds: number;
  readonly compactions: number;
}

/** Quiet watches lose nothing and are never told compacted; what that takes of etcd's processor time, in words. */
export async function measureQuiet(around: Neighbourhood): Promise<string> {
  const { version, notifyInterval, revisions, cuts, watched } = around;
  const alone = await expectQuiet({ ...around, watched: [] });
  const { cpuSeconds, seconds, compactions } = await expectQuiet(around);
  const more = cpuSeconds - alone.cpuSeconds;
  return [
    `etcd ${version}, told every ${notifyInterval}, watched: ${watched.join(", ")}.`,
    `${revisions} revisions of others in ${seconds.toFixed(0)} s, ${compactions} compactions, ${cuts} cuts:`,
    `etcd took ${cpuSeconds.toFixed(2)} s of processor time, ${more.toFixed(2)} s more than without watches`,
  ].join(" ");
}

/** Quiet watches lose nothing and are never told compacted. */
export async function expectQuiet(around: Neighbourhood): Promise<Figures> {
  const { version, notifyInterval, watched, cuts } = around;
  await using etcd = await startEtcd(version, { args: [progressNotifyInterval(version, notifyInterval)] });
  await using envoy = await startEnvoy({ etcd: [etcd.address] });
  await using proxy = await startFaultProxy(envoy.url);
  await using direct = createEtcd({ endpoints: envoy.url });
  // Cuts that follow each other soon make an ordinary client wait for longer than the history of a small run is kept.
  await using client = createEtcdOn({ ...globalPlatform, random: () => 0.02 }, { endpoints: proxy.url });
  await direct.put(present, "");
  const watches = watched.map((name) => new QuietWatch(name, client.watch(ranges[name])));
  await Promise.all(watches.map(({ opened }) => opened));

  const [begunAt, cpuBefore] = [performance.now(), await etcd.cpuSeconds()];
  await using compactor = new Compactor(direct, around);
  const touched: [key: string, revision: bigint][] = [];
  const touch = async (): Promise<void> => {
    // What happens while the link is down and is compacted before it is back is gone in truth.
    if (watches.length > 0) await settled(client, proxy);
    for (const key of [present, absent]) touched.push([key, (await direct.put(key, "")).revision]);
    touched.push([absent, (await direct.delete(absent)).revision]);
  };
  for (let part = 1; part <= cuts; part++) {
    await writeAround(direct, around.revisions / (cuts + 1), around.lastsMs / (cuts + 1));
    proxy.cut();
    if (part === cuts >> 1) await touch();
  }
  await writeAround(direct, around.revisions / (cuts + 1), around.lastsMs / (cuts + 1));
  await touch();
  for (const watch of watches) await watch.expect(touched);
  return {
    cpuSeconds: (await etcd.cpuSeconds()) - cpuBefore,
    seconds: (performance.now() - begunAt) / 1000,
    compactions: compactor.compactions,
  };
}

/** Resolves when the watches have been back for so long that none is asked for again. */
async function settled({ connection }: Etcd, { requests }: FaultProxy): Promise<void> {
  let [count, since] = [0, 0];
  await until("the watches are back", () => {
    if (connection.state.state !== "live" || requests.length !== count) {
      [count, since] = [requests.length, performance.now()];
    }
    return performance.now() - since > 1_000;
  });
}

/** A watch, its reader, and how it ended, if it has. */
class QuietWatch {
  readonly opened: Promise<bigint>;
  readonly #name: Neighbourhood["watched"][number];
  readonly #got: bigint[] = [];
  #end: unknown;

  constructor(name: Neighbourhood["watched"][number], watch: Watch) {
    this.#name = name;
    this.opened = watch.opened;
    void this.#read(watch).catch((error) => {
      this.#end = error;
    });
  }

  async expect(touched: readonly (readonly [key: string, revision: bigint])[]): Promise<void> {
    const own = touched.filter(([key]) => this.#name === "prefix" || key === ranges[this.#name]);
    const last = own.at(-1)?.[1] ?? 0n;
    await until(`${this.#name} has the last`, () => this.#end !== undefined || (this.#got.at(-1) ?? 0n) >= last);
    const found = { got: this.#got, end: this.#end };
    expect(found, this.#name).to.deep.equal({ got: own.map(([, revision]) => revision), end: undefined });
  }

  async #read(watch: Watch): Promise<void> {
    for await (const { revision } of watch.batches()) this.#got.push(revision);
  }
}

/** Compacts again and again. */
class Compactor implements AsyncDisposable {
  compactions = 0;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;

  constructor(etcd: Etcd, { compactEveryMs, leaves }: Neighbourhood) {
    this.#running = this.#run(etcd, compactEveryMs, leaves);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(etcd: Etcd, everyMs: number, leaves: Neighbourhood["leaves"]): Promise<void> {
    const { signal } = this.#stop;
    for (let [before, compacted] = [0n, 0n]; ; ) {
      await sleep(everyMs, undefined, { signal }).catch(() => {});
      if (signal.aborted) return;
      const { revision: now } = await etcd.range(absent);
      const revision = leaves === "nothing" ? now : before;
      before = now;
      if (revision <= compacted) continue;
      await createClient(KV, etcd.transport).compact({ revision });
      compacted = revision;
      this.compactions++;
    }
  }
}

/** So many revisions of other keys, some at once, and not faster than asked. */
async function writeAround(etcd: Etcd, revisions: number, lastsMs: number): Promise<void> {
  const endsAt = performance.now() + lastsMs;
  let left = Math.ceil(revisions);
  const pauseMs = (lastsMs * 16) / left;
  const writer = async (name: string): Promise<void> => {
    while (left-- > 0) {
      const writing = etcd.put(`busy/${name}`, "v");
      if (performance.now() < endsAt) await sleep(pauseMs * 0.8);
      await writing;
    }
  };
  await Promise.all(Array.from({ length: 16 }, (_, i) => writer(String(i))));
  await sleep(Math.max(0, endsAt - performance.now()));
}
