import { test } from "node:test";
import { expect } from "chai";
import { seeded } from "../../fixtures/faults/seeded.ts";
import { settle } from "../support/fake-platform.ts";
import type { ServerStream } from "../support/scripted-etcd.ts";
import { confirm, event, lost, type Scene, scene } from "../support/watch-scene.ts";

// The scene looks after each step: every watch waits or is on an open stream, and three streams are the most.
test("whatever happens in whatever order, no watch is forgotten, and all are live in the end", async () => {
  const rounds = Number(process.env.ROUNDS ?? 6);
  const first = Number(process.env.SEED ?? Math.floor(Math.random() * 2 ** 31));
  for (let seed = first; seed < first + rounds; seed++) {
    const found = scene();
    const { etcd, server, platform, held } = found;
    const watches = new Map<string, ReturnType<Scene["follow"]>>();
    const { between } = seeded(seed);
    const pick = <T>(values: readonly T[]): T | undefined => values[between(0, values.length - 1)];
    const confirmed = new Set<ServerStream>();
    const confirmAll = (): void => {
      for (const stream of held()) {
        if (!confirmed.has(stream)) confirm(stream, server.revision);
        confirmed.add(stream);
      }
    };
    const someCreate = (): [ServerStream, bigint] | undefined => {
      const stream = held().find((each) => confirmed.has(each) && between(0, 1) === 0);
      const create = stream && pick(stream.creates);
      return stream && create && [stream, create.watchId];
    };
    const steps: Readonly<Record<string, () => unknown>> = {
      come: () => {
        const key = `k${watches.size}`;
        watches.set(key, found.follow(key, between(0, 1) === 0 ? {} : { startRevision: server.revision }));
      },
      go: () => pick([...watches.values(), undefined])?.watch.close(),
      confirm: confirmAll,
      event: () => {
        const at = someCreate();
        if (at) at[0].send(event(at[1], ++server.revision));
      },
      bookmark: () => {
        const at = someCreate();
        if (at) at[0].send({ watchId: at[1], header: { revision: server.revision } });
      },
      compact: () => {
        const at = someCreate();
        if (at) at[0].send({ watchId: at[1], canceled: true, compactRevision: server.revision });
      },
      refuse: () => {
        const at = someCreate();
        if (at) at[0].send({ watchId: at[1], canceled: true, cancelReason: "etcdserver: no leader" });
      },
      cut: () => pick([...held(), undefined])?.end(lost),
      moveOn: () => server.revision++,
      failRead: () => server.readErrors.push(lost),
      wake: () => platform.wake(),
      freeze: () => platform.freeze(between(0, 100_000)),
      wait: () => platform.pass(pick([0, 1, 50, 300, 3_000, 20_000]) ?? 0),
      waitOnce: () => platform.pass(0),
    };
    const done: string[] = [];
    try {
      for (let i = 0; i < 60; i++) {
        const name = pick(Object.keys(steps)) ?? "wait";
        done.push(name);
        await steps[name]?.();
        await settle();
        await platform.pass(0);
      }
      server.readErrors.length = 0;
      for (let i = 0; i < 60; i++) {
        confirmAll();
        await platform.pass(500);
      }
      const open = [...watches].filter(([, { got }]) => !["done", "compacted"].includes(String(got.at(-1))));
      expect(etcd.connection.state.state).to.equal(open.length === 0 ? "idle" : "live");
      await etcd.close();
      await settle();
      expect([held().length, platform.timers]).to.deep.equal([0, 0]);
    } catch (error) {
      throw new Error(`SEED=${seed}: ${done.join(" ")}`, { cause: error });
    }
  }
});
