import { expect } from "chai";
import type { KeyValue } from "../../src/index.ts";
import { createSession } from "../../src/recipes/index.ts";
import { reasonOf, rejection, until } from "./expectations.ts";
import type { Suite } from "./suite.ts";

/** Elections. */
export const recipesElection: Suite = {
  "campaign() makes a leader, with a value that it can change": async ({ etcd, prefix }) => {
    await using session = await createSession(etcd);
    const election = session.election(`${prefix}e`);
    expect(await election.leader()).to.equal(undefined);
    const leadership = await election.campaign("a");
    const leader = await election.leader();
    expect(leader?.keyText()).to.equal(`${prefix}e/${session.lease.id.toString(16)}`);
    expect([leader?.text(), leader?.lease]).to.deep.equal(["a", session.lease.id]);
    expect([leader?.key, leader?.createRevision]).to.deep.equal([leadership.key, leadership.fencing]);
    await leadership.proclaim("b");
    const changed = await election.leader();
    expect([changed?.text(), changed?.lease]).to.deep.equal(["b", session.lease.id]);
    expect(changed?.createRevision).to.equal(leadership.fencing);
    await leadership.resign();
    expect(await election.leader()).to.equal(undefined);
    await rejection(leadership.proclaim("c"), "closed");
    await leadership.resign();
    expect(await etcd.count({ prefix })).to.equal(0);
  },

  "campaign() waits for those before, in their order": async ({ etcd, prefix }) => {
    const sessions = await Promise.all([1, 2, 3].map(() => createSession(etcd)));
    const order: string[] = [];
    const campaigns: Promise<void>[] = [];
    for (const [i, session] of sessions.entries()) {
      campaigns.push(
        session
          .election(`${prefix}e`)
          .campaign(String(i))
          .then(async (leadership) => {
            order.push((await session.election(`${prefix}e`).leader())?.text() ?? "");
            await until("all have come", async () => i > 0 || (await etcd.count({ prefix })) === 3);
            await leadership.resign();
          }),
      );
      // Not for the last: when it stands, the first may go.
      if (i < 2) await until("the candidate stands", async () => (await etcd.count({ prefix })) === i + 1);
    }
    await Promise.all(campaigns);
    expect(order).to.deep.equal(["0", "1", "2"]);
    for (const session of sessions) await session.close();
  },

  "campaign() given up leaves the line": async ({ etcd, prefix }) => {
    await using a = await createSession(etcd);
    await using b = await createSession(etcd);
    await using leadership = await a.election(`${prefix}e`).campaign("a");
    await rejection(b.election(`${prefix}e`).campaign("b", { timeoutMs: 200 }), "timeout");
    expect(await etcd.count({ prefix })).to.equal(1);
    expect(leadership.signal.aborted).to.equal(false);
  },

  "campaign() of one session twice waits for its own resignation": async ({ etcd, prefix }) => {
    await using session = await createSession(etcd);
    const election = session.election(`${prefix}e`);
    const first = await election.campaign("a");
    const second = election.campaign("b");
    expect((await election.leader())?.text()).to.equal("a");
    await first.resign();
    expect((await election.leader())?.text()).to.be.oneOf([undefined, "b"]);
    await (await second).resign();
  },

  "a leader whose key is gone learns it when it proclaims, and may campaign again": async ({ etcd, prefix }) => {
    await using session = await createSession(etcd);
    const election = session.election(`${prefix}e`);
    const leadership = await election.campaign("a");
    await etcd.delete({ prefix });
    const error = await rejection(leadership.proclaim("b"), "lease-lost");
    expect(leadership.signal.reason).to.equal(error);
    expect(await etcd.count({ prefix })).to.equal(0);
    const again = await election.campaign("c", { timeoutMs: 10_000 });
    expect(again.fencing > leadership.fencing).to.equal(true);
    await leadership.close();
    expect((await election.leader())?.text()).to.equal("c");
    await again.resign();
  },

  "a leader's signal tells that its session is over; the next one leads": async ({ etcd, prefix }) => {
    const a = await createSession(etcd, { ttlSeconds: 2 });
    await using b = await createSession(etcd);
    const lost = await a.election(`${prefix}e`).campaign("a");
    const next = b.election(`${prefix}e`).campaign("b");
    a.lease.release();
    const leadership = await next;
    expect(leadership.fencing > lost.fencing).to.equal(true);
    await until("the signal", () => lost.signal.aborted);
    await rejection(Promise.reject(lost.signal.reason), "lease-lost");
    await a.close();
  },

  "observe() gives the leader now and after every change": async ({ etcd, prefix }) => {
    await using a = await createSession(etcd);
    await using b = await createSession(etcd);
    const [one, two] = [a.election(`${prefix}e`), b.election(`${prefix}e`)];
    const leaders = one.observe()[Symbol.asyncIterator]();
    const next = async (): Promise<string | undefined> => {
      const { value } = await leaders.next();
      return (value as KeyValue | undefined)?.text();
    };
    expect(await next()).to.equal(undefined);
    const first = await one.campaign("a");
    expect(await next()).to.equal("a");
    await first.proclaim("b");
    expect(await next()).to.equal("b");
    const second = two.campaign("c");
    await until("both stand", async () => (await etcd.count({ prefix })) === 2);
    await first.resign();
    expect(await next()).to.equal("c");
    await (await second).resign();
    expect(await next()).to.equal(undefined);
    await leaders.return?.();
    expect(await leaders.next()).to.deep.equal({ done: true, value: undefined });
  },

  "observe() gives a slow reader the newest": async ({ etcd, prefix }) => {
    await using session = await createSession(etcd);
    const election = session.election(`${prefix}e`);
    const leadership = await election.campaign("0");
    const leaders = election.observe()[Symbol.asyncIterator]();
    expect(((await leaders.next()).value as KeyValue).text()).to.equal("0");
    for (let i = 1; i <= 5; i++) await leadership.proclaim(String(i));
    const seen: string[] = [];
    await until("the newest", async () => {
      seen.push(((await leaders.next()).value as KeyValue).text());
      return seen.at(-1) === "5";
    });
    expect(seen.length).to.be.at.most(5);
    await leaders.return?.();
  },

  "observe() goes on through a compaction": async ({ etcd, client, prefix, compact }) => {
    const other = client();
    await using session = await createSession(etcd);
    const election = session.election(`${prefix}e`);
    const leadership = await election.campaign("a");
    await using watcher = await createSession(other);
    const leaders = watcher.election(`${prefix}e`).observe()[Symbol.asyncIterator]();
    expect(((await leaders.next()).value as KeyValue).text()).to.equal("a");
    await leadership.proclaim("b");
    const { revision } = await etcd.put(`${prefix}other`, "");
    await compact(revision);
    await leadership.proclaim("c");
    await until("the newest", async () => ((await leaders.next()).value as KeyValue).text() === "c");
    await leaders.return?.();
  },

  "observe() ends with the reason of its signal, and at break": async ({ etcd, prefix }) => {
    await using session = await createSession(etcd);
    const election = session.election(`${prefix}e`);
    const abort = new AbortController();
    const leaders = election.observe({ signal: abort.signal })[Symbol.asyncIterator]();
    await leaders.next();
    const pending = reasonOf(leaders.next());
    const reason = new Error("enough");
    abort.abort(reason);
    expect(await pending).to.equal(reason);
    for await (const leader of election.observe()) {
      expect(leader).to.equal(undefined);
      break;
    }
  },
};
