import { expect } from "chai";
import type { KeyValue } from "../../src/index.ts";
import { createElectionService, createLockService, createSession } from "../../src/recipes/index.ts";
import { reasonOf, rejection, until } from "./expectations.ts";
import { collectGarbage } from "./garbage.ts";
import type { Suite } from "./suite.ts";

/** Etcd's own lock and election services. */
export const recipesServices: Suite = {
  "the lock service waits without a time-out, and excludes locks of sessions": async ({ etcd, client, prefix }) => {
    await using session = await createSession(etcd);
    await using lease = await etcd.lease({ ttlSeconds: 60 });
    const held = await session.lock(`${prefix}l`);
    const service = createLockService(client({ timeoutMs: 100 }));
    let got = false;
    const waiting = service.lock(`${prefix}l`, { lease }).then((lock) => {
      got = true;
      return lock;
    });
    await until("it stands in line", async () => (await etcd.count({ prefix })) === 2);
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect(got).to.equal(false);
    await held.unlock();
    const { key } = await waiting;
    expect(new TextDecoder().decode(key)).to.equal(`${prefix}l/${lease.id.toString(16)}`);
    expect(await session.tryLock(`${prefix}l`)).to.equal(undefined);
    await createLockService(etcd).unlock(key);
    await createLockService(etcd).unlock(key);
    expect(await etcd.count({ prefix })).to.equal(0);
  },

  "the lock service leaves the line when its call is aborted": async ({ etcd, prefix, target }) => {
    await using session = await createSession(etcd);
    await using lease = await etcd.lease({ ttlSeconds: 60 });
    const held = await session.lock(`${prefix}l`);
    const abort = new AbortController();
    const waiting = rejection(createLockService(etcd).lock(`${prefix}l`, { lease, signal: abort.signal }), "aborted");
    await until("it stands in line", async () => (await etcd.count({ prefix })) === 2);
    abort.abort();
    await waiting;
    if (target.traits.silentAborts) await lease.close(); // the place goes with it
    await until("it has left the line", async () => (await etcd.count({ prefix })) === 1);
    await held.unlock();
  },

  "the lock service names a lease that is none": async ({ etcd, prefix }) => {
    await rejection(createLockService(etcd).lock(`${prefix}l`, { lease: 4242n }), "lease-not-found");
  },

  "the election service campaigns, proclaims, tells and resigns": async ({ etcd, prefix }) => {
    await using lease = await etcd.lease({ ttlSeconds: 60 });
    const elections = createElectionService(etcd);
    const name = `${prefix}e`;
    expect(await elections.leader(name)).to.equal(undefined);
    const leader = await elections.campaign(name, "a", { lease });
    expect([new TextDecoder().decode(leader.name), leader.lease]).to.deep.equal([name, lease.id]);
    expect((await elections.leader(name))?.createRevision).to.equal(leader.revision);
    await elections.proclaim(leader, "b");
    expect((await elections.leader(name))?.text()).to.equal("b");
    await using session = await createSession(etcd);
    expect((await session.election(name).leader())?.text()).to.equal("b");
    await elections.resign(leader);
    await rejection(elections.proclaim(leader, "c"), "lease-lost");
    await elections.resign(leader);
    expect(await elections.leader(name)).to.equal(undefined);
  },

  "the election service observes": async ({ etcd, client, prefix }) => {
    const name = `${prefix}e`;
    const elections = createElectionService(etcd);
    const leaders = createElectionService(client()).observe(name)[Symbol.asyncIterator]();
    const next = async (): Promise<string> => ((await leaders.next()).value as KeyValue).text();
    await using session = await createSession(etcd);
    const first = next();
    const leadership = await session.election(name).campaign("a");
    expect(await first).to.equal("a");
    await leadership.proclaim("b");
    expect(await next()).to.equal("b");
    await leaders.return?.();
    const abort = new AbortController();
    const ending = elections.observe(name, { signal: abort.signal })[Symbol.asyncIterator]();
    await ending.next();
    const pending = reasonOf(ending.next());
    abort.abort(new Error("enough"));
    expect(await pending).to.equal(abort.signal.reason);
  },

  "the election service observes at rest, whatever garbage is collected, and ends at once": async (context) => {
    const { etcd, prefix, target } = context;
    const name = `${prefix}e`;
    await using session = await createSession(etcd);
    const leadership = await session.election(name).campaign("a");
    const abort = new AbortController();
    const leaders = createElectionService(etcd).observe(name, { signal: abort.signal })[Symbol.asyncIterator]();
    const next = async (): Promise<string> => ((await leaders.next()).value as KeyValue).text();
    expect(await next()).to.equal("a");
    const second = next();
    await collectGarbage();
    await leadership.proclaim("b");
    expect(await second).to.equal("b");
    const pending = reasonOf(leaders.next());
    await collectGarbage();
    abort.abort(new Error("enough"));
    expect(await pending).to.equal(abort.signal.reason);
    await leadership.resign();
    await target.settled();
  },

  "the services in a namespace keep to it": async ({ etcd, prefix }) => {
    const app = etcd.namespace(`${prefix}app/`);
    await using lease = await app.lease({ ttlSeconds: 60 });
    const hex = lease.id.toString(16);
    const { key } = await createLockService(app).lock("l", { lease });
    expect(new TextDecoder().decode(key)).to.equal(`l/${hex}`);
    expect(await etcd.get(`${prefix}app/l/${hex}`)).not.to.equal(undefined);
    await createLockService(app).unlock(key);
    const leader = await createElectionService(app).campaign("e", "a", { lease });
    expect(new TextDecoder().decode(leader.name)).to.equal("e");
    expect(new TextDecoder().decode(leader.key)).to.equal(`e/${hex}`);
    expect((await createElectionService(app).leader("e"))?.keyText()).to.equal(`e/${hex}`);
    await createElectionService(app).proclaim(leader, "b");
    expect((await etcd.get(`${prefix}app/e/${hex}`))?.text()).to.equal("b");
    await createElectionService(app).resign(leader);
    expect(await etcd.count({ prefix })).to.equal(0);
  },
};
