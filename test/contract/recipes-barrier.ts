import { expect } from "chai";
import { createBarrier, createDoubleBarrier, createSession } from "../../src/recipes/index.ts";
import { rejection, until } from "./expectations.ts";
import type { Suite } from "./suite.ts";

/** Barriers and double barriers. */
export const recipesBarrier: Suite = {
  "a barrier holds who waits until it is released": async ({ etcd, client, prefix }) => {
    const barrier = createBarrier(etcd, `${prefix}b`);
    await barrier.wait();
    await barrier.hold();
    await rejection(barrier.hold(), "already-exists");
    expect((await etcd.get(`${prefix}b`))?.text()).to.equal("");
    let passed = false;
    const waiting = createBarrier(client(), `${prefix}b`)
      .wait()
      .then(() => {
        passed = true;
      });
    await rejection(barrier.wait({ timeoutMs: 200 }), "timeout");
    expect(passed).to.equal(false);
    await barrier.release();
    await waiting;
    await barrier.release();
  },

  "a barrier ends its waiting with the signal": async ({ etcd, prefix }) => {
    const barrier = createBarrier(etcd, `${prefix}b`);
    await barrier.hold();
    const abort = new AbortController();
    const waiting = rejection(barrier.wait({ signal: abort.signal }), "aborted");
    abort.abort();
    await waiting;
    await barrier.release();
  },

  "a double barrier lets all in together, and out together, twice": async ({ etcd, prefix }) => {
    const sessions = await Promise.all([1, 2, 3].map(() => createSession(etcd)));
    const participants = sessions.map((session) => createDoubleBarrier(session, `${prefix}d`, 3));
    for (let round = 0; round < 2; round++) {
      let inside = 0;
      let outside = 0;
      const entering = participants.map((participant) => participant.enter().then(() => inside++));
      await until("the first have come", async () => (await etcd.count({ prefix: `${prefix}d/waiters/` })) >= 2);
      await Promise.all(entering);
      expect(inside).to.equal(3);
      const leave = (i: number): Promise<number> | undefined => participants[i]?.leave().then(() => outside++);
      const leaving = [leave(0), leave(1)];
      await until("one has given its key away", async () => (await etcd.count({ prefix: `${prefix}d/waiters/` })) < 3);
      expect(outside).to.equal(0);
      await Promise.all([...leaving, leave(2)]);
      expect(outside).to.equal(3);
      expect(await etcd.count({ prefix })).to.equal(0);
    }
    for (const session of sessions) await session.close();
  },

  "a double barrier refuses one more, and who has not entered": async ({ etcd, prefix }) => {
    await using session = await createSession(etcd);
    const [one, two] = [createDoubleBarrier(session, `${prefix}d`, 1), createDoubleBarrier(session, `${prefix}d`, 1)];
    await rejection(one.leave(), "failed-precondition");
    await one.enter();
    await rejection(one.enter(), "failed-precondition");
    await rejection(two.enter(), "failed-precondition");
    await one.leave();
    await two.enter();
    await two.leave();
    expect(() => createDoubleBarrier(session, `${prefix}d`, 0)).to.throw("count");
    expect(await etcd.count({ prefix })).to.equal(0);
  },

  "a double barrier given up leaves nothing": async ({ etcd, prefix }) => {
    await using session = await createSession(etcd);
    await rejection(createDoubleBarrier(session, `${prefix}d`, 2).enter({ timeoutMs: 200 }), "timeout");
    expect(await etcd.count({ prefix })).to.equal(0);
  },

  "a double barrier takes a session that is over for one that has left": async ({ etcd, prefix }) => {
    await using staying = await createSession(etcd);
    for (const lostIsFirst of [true, false]) {
      const lost = await createSession(etcd);
      const one = createDoubleBarrier(staying, `${prefix}d`, 2);
      const two = createDoubleBarrier(lost, `${prefix}d`, 2);
      const [first, second] = lostIsFirst ? [two, one] : [one, two];
      const entering = first.enter();
      await until("the first has come", async () => (await etcd.count({ prefix })) === 1);
      await Promise.all([entering, second.enter()]);
      const leaving = one.leave();
      await lost.close();
      await leaving;
      await rejection(two.leave(), "closed");
      expect(await etcd.count({ prefix })).to.equal(0);
    }
  },
};
