import assert from "node:assert/strict";
import { test } from "node:test";
import { createEtcd, isEtcdError, op } from "../../../src/index.ts";
import { createSession, type HeldLock, type Session } from "../../../src/recipes/index.ts";
import { until } from "../../contract/expectations.ts";
import { startEnvoy } from "../../fixtures/envoy.ts";
import { startEtcd } from "../../fixtures/etcd.ts";
import { type Seeded, seeded } from "../../fixtures/faults/seeded.ts";
import { createFaultyFetch, type FaultyFetch } from "../../fixtures/faulty-fetch.ts";
import { checkTraces, section, startTraces } from "./sections.ts";

const contenders = 3;
const rounds = 20;

test("locks whose calls break and who gives up at any time: never two holders, and no key is left", async () => {
  const draw = seeded(Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31)));
  console.log(`SEED=${draw.seed}`);
  await using server = await startEtcd("3.7");
  await using envoy = await startEnvoy({ etcd: [server.address] });
  await using witness = createEtcd({ endpoints: envoy.url });
  const traces = await startTraces(witness, "traces/");
  let broken = 0;

  async function contend(who: string): Promise<void> {
    const faulty = createFaultyFetch();
    await using etcd = createEtcd({ endpoints: envoy.url, fetch: faulty.fetch });
    await using session = await createSession(etcd, { ttlSeconds: 60 });
    const stop = breakNowAndThen(faulty, draw);
    for (let round = 0; round < rounds; ) {
      if (draw.random() < 0.4) faulty.cutAfterBytes(0, { path: "/etcdserverpb.KV/Txn" }); // the answer to some write
      const lock = await tryFor(session, draw);
      if (lock === undefined) continue;
      const guarded = { compare: [lock.owner()], success: [op.put("owner", who)] };
      assert.equal((await witness.txn(guarded)).succeeded, true);
      await section(witness, traces, who, lock.fencing);
      await lock.unlock().catch(passing);
      round++;
    }
    broken += stop();
    faulty.mend();
  }

  await Promise.all(Array.from({ length: contenders }, (_, i) => contend(`c${i}`)));
  const byHolder = await checkTraces(witness, traces, contenders * rounds);
  assert.equal(byHolder.size, contenders);
  assert.ok(broken > rounds, `only ${broken} faults`);
  await until("no key is left", async () => (await witness.count({ prefix: "lock/" })) === 0);
});

/** The lock, unless it takes too long or the link breaks. */
async function tryFor(session: Session, draw: Seeded): Promise<HeldLock | undefined> {
  try {
    return await session.lock("lock", { timeoutMs: draw.between(1, 1_000) });
  } catch (error) {
    passing(error);
    return undefined;
  }
}

/** What a broken link may lead to; anything else is a failure. */
function passing(error: unknown): void {
  if (!isEtcdError(error, "timeout") && !isEtcdError(error, "unavailable")) throw error;
}

/** Breaks whatever is open, a few times a second; gives how often when it is stopped. */
function breakNowAndThen(faulty: FaultyFetch, draw: Seeded): () => number {
  let times = 0;
  const timer = setInterval(() => {
    if (draw.random() > 0.3) return;
    faulty.cut();
    times++;
  }, 100);
  return () => {
    clearInterval(timer);
    return faulty.cuts + times;
  };
}
