import assert from "node:assert/strict";
import { after, before, suite, test } from "node:test";
import { createEtcd, type Etcd } from "../../../src/index.ts";
import {
  createBarrier,
  createDoubleBarrier,
  createLockService,
  createQueue,
  createRegistry,
  createSession,
  type Endpoints,
  stm,
} from "../../../src/recipes/index.ts";
import { until } from "../../contract/expectations.ts";
import { type EnvoyProxy, startEnvoy } from "../../fixtures/envoy.ts";
import { type EtcdServer, startEtcd } from "../../fixtures/etcd.ts";
import { type GoPeer, goPeer } from "../../fixtures/go-peer.ts";
import { checkTraces, section, startTraces } from "./sections.ts";

/** Each contender's turns. */
const rounds = 100;

suite("recipes beside etcd's own Go client and etcdctl, on the same names", () => {
  let server: EtcdServer;
  let envoy: EnvoyProxy;
  let etcd: Etcd;
  let go: GoPeer;
  before(async () => {
    server = await startEtcd("3.7");
    envoy = await startEnvoy({ etcd: [server.address] });
    etcd = createEtcd({ endpoints: envoy.url });
    go = await goPeer(server.address);
  });
  after(async () => {
    await etcd?.close();
    await envoy?.stop();
    await server?.stop();
  });

  // Together, since they wait: etcd looks only ten times a second after watches that begin in the past, as Go's do.
  suite("contending for one name", { concurrency: true }, () => {
    test("locks: Go's Mutex, etcdctl lock, etcd's service and ours are never held at once", async () => {
      const traces = await startTraces(etcd, "traces/locks/");
      await using session = await createSession(etcd);
      await using lease = await etcd.lease({ ttlSeconds: 60 });
      const service = createLockService(etcd);
      const ours = async (): Promise<void> => {
        for (let i = 0; i < rounds; i++) {
          await using lock = await session.lock("locks/a");
          await section(etcd, traces, "ours", lock.fencing);
        }
      };
      const served = async (): Promise<void> => {
        for (let i = 0; i < rounds; i++) {
          const { key } = await service.lock("locks/a", { lease });
          await section(etcd, traces, "service", (await etcd.get(key))?.createRevision ?? 0n);
          await service.unlock(key);
        }
      };
      const command = async (): Promise<void> => {
        for (let i = 0; i < rounds; i++) {
          await go.etcdctl("lock", "locks/a", ...go.command, "section", traces.prefix, "etcdctl");
        }
      };
      await Promise.all([ours(), served(), command(), go.run("locks", "locks/a", traces.prefix, String(rounds))]);
      const byHolder = await checkTraces(etcd, traces, 4 * rounds);
      assert.deepEqual(Object.fromEntries(byHolder), { ours: rounds, service: rounds, etcdctl: rounds, go: rounds });
      assert.equal(await etcd.count({ prefix: "locks/a" }), 0);
    });

    test("read-write locks: Go's RWMutex and ours are never held for writing at once", async () => {
      const traces = await startTraces(etcd, "traces/rw/");
      await using session = await createSession(etcd);
      const ours = async (): Promise<void> => {
        for (let i = 0; i < rounds; i++) {
          await (await session.readLock("locks/rw")).unlock();
          await using _ = await session.writeLock("locks/rw");
          await section(etcd, traces, "ours", 0n);
        }
      };
      await Promise.all([ours(), go.run("write-locks", "locks/rw", traces.prefix, String(rounds))]);
      const byHolder = await checkTraces(etcd, traces, 2 * rounds);
      assert.deepEqual(Object.fromEntries(byHolder), { ours: rounds, go: rounds });
    });

    test("elections: Go's and ours never have two leaders", async () => {
      const traces = await startTraces(etcd, "traces/elections/");
      await using session = await createSession(etcd);
      const election = session.election("elections/a");
      const ours = async (): Promise<void> => {
        for (let i = 0; i < rounds; i++) {
          await using leadership = await election.campaign("ours");
          await section(etcd, traces, "ours", leadership.fencing);
        }
      };
      await Promise.all([ours(), go.run("elections", "elections/a", traces.prefix, String(rounds))]);
      const byHolder = await checkTraces(etcd, traces, 2 * rounds);
      assert.deepEqual(Object.fromEntries(byHolder), { ours: rounds, go: rounds });
    });
  });

  test("elections: a leader in Go that is killed is followed by ours, and ours that is gone by Go's", async () => {
    await using session = await createSession(etcd, { ttlSeconds: 2 });
    const election = session.election("elections/b");
    const leaderIs = async (value: string): Promise<boolean> => (await election.leader())?.text() === value;
    const first = await go.start(() => leaderIs("go 1"), "campaign", "elections/b", "go 1", "2");
    const campaign = election.campaign("ours");
    await until("both stand", async () => (await etcd.count({ prefix: "elections/b/" })) === 2);
    first.kill("SIGKILL");
    const leadership = await campaign;
    assert.equal(await leaderIs("ours"), true);
    assert.match(await go.etcdctl("get", "--prefix", "elections/b/"), /ours$/);
    const second = await go.start(
      async () => (await etcd.count({ prefix: "elections/b/" })) === 2,
      "campaign",
      "elections/b",
      "go 2",
      "60",
    );
    session.lease.release();
    await until("Go's leads", () => leaderIs("go 2"));
    await until("ours knows", () => leadership.signal.aborted);
    await first.stop();
    await second.stop();
    await until("Go's has resigned", async () => (await election.leader()) === undefined);
  });

  test("elections: etcdctl elect is observed, and hands over when it ends", async () => {
    await using session = await createSession(etcd);
    const election = session.election("elections/c");
    const values: (string | undefined)[] = [];
    const observing = (async () => {
      for await (const leader of election.observe()) {
        values.push(leader?.text());
        if (values.at(-1) === "ours 2") return;
      }
    })();
    await until("nobody leads", () => values.length === 1);
    const elected = await go.startEtcdctl(async () => values.at(-1) === "theirs", "elect", "elections/c", "theirs");
    const campaign = election.campaign("ours");
    await until("both stand", async () => (await etcd.count({ prefix: "elections/c/" })) === 2);
    await elected.stop();
    await using leadership = await campaign;
    await until("ours is seen", () => values.at(-1) === "ours");
    await leadership.proclaim("ours 2");
    await observing;
    assert.deepEqual(values, [undefined, "theirs", "ours", "ours 2"]);
  });

  test("transactional memory: Go's increments and ours lose none", async () => {
    const ours = async (): Promise<void> => {
      for (let i = 0; i < rounds; i++) {
        await stm(etcd, async (tx) => tx.put("count", String(Number((await tx.get("count"))?.text() ?? 0) + 1)));
      }
    };
    await Promise.all([ours(), go.run("increments", "count", String(rounds))]);
    assert.equal((await etcd.get("count"))?.text(), String(2 * rounds));
  });

  test("queues: what one side adds the other takes, in order", async () => {
    const [queue, byPriority] = [createQueue(etcd, "queues/a"), createQueue(etcd, "queues/b")];
    await queue.enqueue("ours");
    await go.run("enqueue", "queues/a", "go's");
    assert.equal(await go.run("dequeue", "queues/a"), "ours");
    assert.equal((await queue.dequeue()).text(), "go's");
    const waiting = go.run("dequeue", "queues/a");
    await queue.enqueue("late");
    assert.equal(await waiting, "late");
    await byPriority.enqueue("c", { priority: 7 });
    await go.run("enqueue-priority", "queues/b", "d", "7");
    await byPriority.enqueue("e", { priority: 7 });
    await go.run("enqueue-priority", "queues/b", "a", "3");
    await byPriority.enqueue("b", { priority: 3 });
    const taken: string[] = [];
    for (let i = 0; i < 2; i++) {
      taken.push((await byPriority.dequeue()).text());
      taken.push(await go.run("dequeue-priority", "queues/b"));
    }
    taken.push((await byPriority.dequeue()).text());
    assert.deepEqual(taken, ["a", "b", "c", "d", "e"]);
  });

  test("barriers: ours holds Go's, and both enter and leave a double barrier together", async () => {
    const barrier = createBarrier(etcd, "barriers/a");
    await barrier.hold();
    let passed = false;
    const waiting = go.run("wait", "barriers/a").then(() => {
      passed = true;
    });
    await until("Go's waits", async () => (await server.watchers()) > 0);
    assert.equal(passed, false);
    await barrier.release();
    await waiting;
    await using session = await createSession(etcd);
    const both = createDoubleBarrier(session, "barriers/b", 2);
    const other = go.run("double-barrier", "barriers/b", "2");
    await both.enter();
    await both.leave();
    assert.equal(await other, "in\nout");
    assert.equal(await etcd.count({ prefix: "barriers/b" }), 0);
  });

  test("the registry: Go lists what we add, and we list and watch what Go adds", async () => {
    const registry = createRegistry(etcd, "services/a");
    const maps = registry.watch()[Symbol.asyncIterator]();
    await maps.next();
    await go.run("add-endpoint", "services/a", "1", "10.0.0.1:80", '{"zone":"b","weight":3}');
    const theirs = { address: "10.0.0.1:80", metadata: { zone: "b", weight: 3 } };
    const seen = (await maps.next()).value as Endpoints;
    assert.deepEqual([...seen], [["1", theirs]]);
    await maps.return?.();
    await registry.add("2", { address: "10.0.0.2:80" });
    await registry.add("3", { address: "10.0.0.3:80", metadata: "x" });
    assert.deepEqual(JSON.parse(await go.run("list-endpoints", "services/a")), {
      "services/a/1": { Addr: "10.0.0.1:80", Metadata: { zone: "b", weight: 3 } },
      "services/a/2": { Addr: "10.0.0.2:80", Metadata: null },
      "services/a/3": { Addr: "10.0.0.3:80", Metadata: "x" },
    });
    assert.deepEqual((await registry.list()).get("1"), theirs);
  });
});
