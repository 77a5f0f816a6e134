import { createSession, type HeldLock } from "etcd-web/recipes";
import type { Step } from "../step.ts";

const name = "lock/printer";

export const lock: Step = {
  name: "lock",
  title: "A lock",
  text: "Ann and Ben share one printer. Whoever wants it puts a key of its own into a line, on a lease; the oldest key has the lock, and everybody else watches the one before. Both run here, each with a client of its own.",
  code: `await using session = await createSession(etcd);
await using lock =
  await session.lock("lock/printer");
print(); // nobody else does`,
  learned: "Each holder's number is higher than that of all before: with it a printer can refuse whoever is late.",
  async begin(stage) {
    const { signal } = stage;
    const ann = await createSession(stage.client(), { ttlSeconds: 30, signal });
    const ben = await createSession(stage.client(), { ttlSeconds: 30, signal });
    let held: HeldLock | undefined;
    let bens: Promise<HeldLock> | undefined;
    return [
      {
        label: "Ann locks the printer",
        async run() {
          stage.did('const lock = await ann.lock("lock/printer")');
          held = await ann.lock(name, { signal });
          stage.saw(`Ann has it, with number ${held.fencing}.`);
        },
      },
      {
        label: "Ben wants it, too",
        async run() {
          stage.did('const lock = await ben.lock("lock/printer")');
          bens = ben.lock(name, { signal });
          stage.inBackground(bens.then(({ fencing }) => stage.heard(`Ben has it now, with number ${fencing}.`)));
          await stage.until(async () => (await stage.etcd.count({ prefix: `${name}/` })) === 2);
          stage.saw("Ben waits. There are two keys in line, and his is the younger one.");
        },
      },
      {
        label: "Ann is done",
        async run() {
          stage.did("await lock.unlock()");
          await held?.unlock();
          await bens;
        },
      },
    ];
  },
};
