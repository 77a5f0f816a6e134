import { expect } from "chai";
import { type Etcd, isEtcdError, type Lease } from "../../../src/index.ts";
import { until } from "../../contract/expectations.ts";
import type { FaultProxy } from "../../fixtures/fault-proxy.ts";
import type { FaultCase } from "./scene.ts";

const path = "/etcdserverpb.Lease/LeaseKeepAlive";
const wait = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Every way in which a link is no link, until it is mended. */
const breaks: Readonly<Record<string, (proxy: FaultProxy) => void>> = {
  closed(proxy) {
    proxy.refuse();
    proxy.cut();
  },
  reset(proxy) {
    proxy.refuse("reset");
    proxy.cut("reset");
  },
  silent: (proxy) => proxy.stall("both"),
  "silent for answers": (proxy) => proxy.stall("downstream"),
  "a proxy without etcd": (proxy) => proxy.answer({ status: 503 }),
};

/** Leases, each with a key of its own, and what the server has said of them over a link that holds. */
interface Granted {
  readonly leases: readonly Lease[];
  /** How many were lost here. */
  lost(): number;
  /** How many the server has dropped. */
  readonly dropped: ReadonlySet<string>;
  /** Those it dropped while their signal said that they were alive. */
  readonly believed: ReadonlySet<string>;
}

async function grant(etcd: Etcd, direct: Etcd, prefix: string, count: number, ttlSeconds: number): Promise<Granted> {
  const watch = direct.watch({ prefix });
  await watch.opened;
  const leases: Lease[] = [];
  const few = Array.from({ length: Math.min(count, 50) });
  while (leases.length < count) leases.push(...(await Promise.all(few.map(() => etcd.lease({ ttlSeconds })))));
  const signals = new Map(leases.map(({ signal }, i) => [`${prefix}${i}`, signal]));
  const [dropped, believed] = [new Set<string>(), new Set<string>()];
  const follow = async (): Promise<void> => {
    for await (const { type, kv } of watch) {
      if (type !== "delete") continue;
      dropped.add(kv.keyText());
      if (!signals.get(kv.keyText())?.aborted) believed.add(kv.keyText());
    }
  };
  follow().catch((error) => expect(isEtcdError(error, "closed"), String(error)).to.equal(true));
  await Promise.all(leases.map((lease, i) => direct.put(`${prefix}${i}`, "", { lease })));
  const lost = (): number => [...signals.values()].filter(({ aborted }) => aborted).length;
  return { leases, lost, dropped, believed };
}

/** A link that is away for less than leases live. */
function outlive(how: string, breakIt: (proxy: FaultProxy) => void): Record<string, FaultCase> {
  return {
    [`leases outlive a link that is away for less than they live: ${how}`]: async ({ etcd, direct, proxy, prefix }) => {
      const granted = await grant(etcd, direct, prefix, 10, 5);
      await wait(1_000);
      breakIt(proxy);
      await wait(2_500);
      await proxy.mend();
      await wait(5_000);
      expect([granted.lost(), granted.dropped.size]).to.deep.equal([0, 0]);
    },
  };
}

/** A link that is away for longer. */
function lose(how: string, breakIt: (proxy: FaultProxy) => void): Record<string, FaultCase> {
  return {
    [`leases whose link is away for longer are lost here first, and soon there: ${how}`]: async (scene) => {
      const { etcd, direct, proxy, prefix } = scene;
      const granted = await grant(etcd, direct, prefix, 10, 3);
      await wait(1_500);
      breakIt(proxy);
      const brokenAt = performance.now();
      await until("every lease is lost here", () => granted.lost() === 10);
      const lostAt = performance.now();
      // The last sign of life was sent at most one beat, a third of the three seconds, before.
      expect(lostAt - brokenAt).to.be.within(1_800, 3_500);
      await until("every lease is dropped there", () => granted.dropped.size === 10);
      console.log(`${how}: lost here ${Math.round(performance.now() - lostAt)} ms before the last was dropped there`);
      expect([...granted.believed]).to.deep.equal([]);
      await proxy.mend();
      for (const { signal } of granted.leases) expect(isEtcdError(signal.reason, "lease-lost")).to.equal(true);
    },
  };
}

const ways = Object.entries(breaks);

/** What becomes of leases when their link breaks. */
export const leases: Readonly<Record<string, FaultCase>> = {
  ...Object.assign({}, ...ways.map(([how, breakIt]) => outlive(how, breakIt))),
  ...Object.assign({}, ...ways.map(([how, breakIt]) => lose(how, breakIt))),

  "leases are never taken for alive that the server has dropped, whatever happens to the link": async (scene) => {
    const { etcd, direct, proxy, prefix, seeded } = scene;
    const granted = await grant(etcd, direct, prefix, 50, 3);
    const end = performance.now() + 25_000;
    while (performance.now() < end) {
      ways[seeded.between(0, ways.length - 1)]?.[1](proxy);
      await wait(seeded.random() ** 2 * 4_000);
      await proxy.mend();
      await wait(seeded.random() * 1_500);
    }
    await until("both agree", () => granted.dropped.size === granted.lost());
    expect([...granted.believed]).to.deep.equal([]);
    console.log(`${granted.dropped.size} of ${granted.leases.length} leases were lost`);
  },
};

/** For a machine that does nothing else meanwhile. */
export const manyLeases: Readonly<Record<string, FaultCase>> = {
  "1,000 leases of one client cost a handful of calls a beat": async ({ etcd, direct, proxy, prefix }) => {
    const granted = await grant(etcd, direct, prefix, 1_000, 12);
    await wait(4_500);
    const calls = (): number => proxy.requests.filter((request) => request.path === path).length;
    const before = calls();
    await wait(8_000);
    expect(calls() - before).to.be.within(4, 12);
    expect([granted.lost(), granted.dropped.size]).to.deep.equal([0, 0]);
    console.log(`${calls() - before} calls in two beats`);
  },
};
