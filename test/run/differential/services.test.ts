import { createHash } from "node:crypto";
import { after, before, suite, test } from "node:test";
import { type CallOptions, Code, ConnectError } from "@connectrpc/connect";
import { expect } from "chai";
import { AlarmType, type DowngradeRequest_DowngradeAction } from "../../../src/proto.ts";
import { until } from "../../contract/expectations.ts";
import { toPlain } from "./plain.ts";
import { rootPassword, Session } from "./session.ts";
import { type Pair, startPair, type Target } from "./targets.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const name = bytes("name");

/** What a script saw on one etcd; what matters is that it is the same on the other. */
type Script = (see: (...calls: (() => Promise<unknown>)[]) => Promise<void>, target: Target) => Promise<void>;

const scripts: Readonly<Record<string, Script>> = {
  async "Lock: whose key is oldest holds it"(see, { lock, lease, kv }) {
    await lease.leaseGrant({ ID: 1n, TTL: 600n });
    await lease.leaseGrant({ ID: 0x2fn, TTL: 600n });
    await see(
      () => lock.lock({ name, lease: 1n }),
      () => lock.lock({ name, lease: 1n }),
    );
    const second = lock.lock({ name, lease: 0x2fn });
    await until("the second waits", async () => (await kv.range(everything)).count === 2n);
    await see(
      () => kv.range(everything),
      () => lock.unlock({ key: bytes("name/1") }),
      () => second,
      () => kv.range(everything),
    );
    await see(
      () => lock.unlock({ key: bytes("name/1") }),
      () => lock.unlock({ key: bytes("") }),
    );
    await see(
      () => lock.lock({ name, lease: 3n }),
      () => lock.lock({ name: bytes(""), lease: 1n }),
    );
  },

  async "Lock: who goes away leaves no key behind"(see, { lock, lease, kv }) {
    for (const ID of [1n, 2n]) await lease.leaseGrant({ ID, TTL: 600n });
    await lock.lock({ name, lease: 1n });
    await givesUp(see, kv, (options) => lock.lock({ name, lease: 2n }, options));
    await until("its key has gone", async () => (await kv.range(everything)).count === 1n);
    await see(() => kv.range(everything));
  },

  async "Lock: who goes away, with users, keeps its place until its lease ends"(see, target) {
    const { lock, lease, kv } = target;
    const by = await signInAsRoot(target);
    for (const ID of [1n, 2n, 3n]) await lease.leaseGrant({ ID, TTL: 600n }, by);
    await lock.lock({ name, lease: 1n }, by);
    await givesUp(see, kv, (options) => lock.lock({ name, lease: 2n }, options), by);
    await lock.unlock({ key: bytes("name/1") }, by);
    await see(
      () => isGranted(lock.lock({ name, lease: 3n }, { ...by, timeoutMs: 1000 })),
      () => kv.range(everything, by),
    );
    await lease.leaseRevoke({ ID: 2n }, by);
    await see(() => lock.lock({ name, lease: 3n }, by));
  },

  async "Lock: a lease that ends while its key waits"(see, { lock, lease, kv }) {
    for (const ID of [1n, 2n]) await lease.leaseGrant({ ID, TTL: 600n });
    await lock.lock({ name, lease: 1n });
    const second = lock.lock({ name, lease: 2n });
    second.catch(() => {});
    await until("the second waits", async () => (await kv.range(everything)).count === 2n);
    await lease.leaseRevoke({ ID: 2n });
    await lease.leaseRevoke({ ID: 1n });
    await see(() => second);
  },

  async "Lock: without a lease, one of a minute"(see, { lock, lease }) {
    await lock.lock({ name });
    const { leases } = await lease.leaseLeases({});
    const { grantedTTL } = await lease.leaseTimeToLive({ ID: leases[0]?.ID ?? 0n });
    await see(() => Promise.resolve({ granted: Number(grantedTTL) }));
  },

  async "Lock and Election: long names, and what is too large"(see, { lock, election, auth }) {
    const [long, tooLong] = [200_000, 1_600_000].map((length) => "x".repeat(length)) as [string, string];
    const ended = async (call: Promise<unknown>) => call.then(() => "ok");
    await see(
      () => ended(lock.lock({ name: bytes(long) })),
      () => ended(election.leader({ name: bytes(long) })),
    );
    await see(
      () => ended(lock.lock({ name: bytes(tooLong) })),
      () => ended(lock.unlock({ key: bytes(tooLong) })),
      () => ended(auth.userAdd({ name: tooLong, options: { noPassword: true } })),
    );
  },

  async "Election: campaign, proclaim, resign"(see, { election, lease, kv }) {
    for (const ID of [1n, 2n]) await lease.leaseGrant({ ID, TTL: 600n });
    await see(() => election.leader({ name }));
    const first = election.campaign({ name, lease: 1n, value: bytes("a") });
    await see(
      () => first,
      () => election.leader({ name }),
      () => election.campaign({ name, lease: 1n, value: bytes("b") }),
    );
    const { leader } = await first;
    if (leader === undefined) throw new Error("nobody was elected");
    const second = election.campaign({ name, lease: 2n, value: bytes("c") });
    await until("the second waits", async () => (await kv.range(everything)).count === 2n);
    await see(
      () => election.proclaim({ leader, value: bytes("d") }),
      () => election.leader({ name }),
      () => election.resign({ leader }),
    );
    await see(
      () => second,
      () => election.leader({ name }),
    );
    await see(
      () => election.proclaim({ leader, value: bytes("e") }),
      () => election.resign({ leader }),
    );
    await see(
      () => election.proclaim({}),
      () => election.resign({}),
      () => election.campaign({ name, lease: 3n }),
    );
    await see(() => election.proclaim({ leader: { ...leader, key: bytes("") } }));
  },

  async "Election: who goes away leaves no key behind"(see, { election, lease, kv }) {
    for (const ID of [1n, 2n]) await lease.leaseGrant({ ID, TTL: 600n });
    await election.campaign({ name, lease: 1n, value: bytes("a") });
    await givesUp(see, kv, (options) => election.campaign({ name, lease: 2n, value: bytes("b") }, options));
    await until("its key has gone", async () => (await kv.range(everything)).count === 1n);
    await see(() => kv.range(everything));
  },

  async "Election: who goes away, with users, stands until its lease ends"(see, target) {
    const { election, lease, kv } = target;
    const by = await signInAsRoot(target);
    for (const ID of [1n, 2n, 3n]) await lease.leaseGrant({ ID, TTL: 600n }, by);
    const { leader } = await election.campaign({ name, lease: 1n, value: bytes("a") }, by);
    if (leader === undefined) throw new Error("nobody was elected");
    await givesUp(see, kv, (options) => election.campaign({ name, lease: 2n, value: bytes("b") }, options), by);
    await election.resign({ leader }, by);
    await see(
      () => isGranted(election.campaign({ name, lease: 3n, value: bytes("c") }, { ...by, timeoutMs: 1000 })),
      () => election.leader({ name }, by),
    );
    await lease.leaseRevoke({ ID: 2n }, by);
    await see(() => election.campaign({ name, lease: 3n, value: bytes("c") }, by));
  },

  async "Election: who may not have a new value said does not stand any more"(see, target) {
    const { election, kv } = target;
    const by = await signInAsRoot(target);
    // The lease that the key is named after was never granted, so the place is there and cannot be written again.
    await kv.put({ key: bytes("name/5"), value: bytes("a") }, by);
    await see(
      () => election.campaign({ name, lease: 5n, value: bytes("b") }, by),
      () => kv.range(everything, by),
    );
  },

  async "Election: proclaim and resign without a lease, one of a minute for each"(see, { election, lease, kv }) {
    await lease.leaseGrant({ ID: 1n, TTL: 600n });
    const { leader } = await election.campaign({ name, lease: 1n, value: bytes("a") });
    const granted = async (): Promise<object> => {
      const { leases } = await lease.leaseLeases({});
      const times = await Promise.all(leases.map(({ ID }) => lease.leaseTimeToLive({ ID, keys: true })));
      return times.map(({ grantedTTL, keys }) => `${grantedTTL} s, ${keys.length} keys`).sort();
    };
    if (leader === undefined) throw new Error("nobody was elected");
    const without = { ...leader, lease: 0n };
    await see(
      () => election.proclaim({ leader: without, value: bytes("b") }),
      granted,
      () => election.resign({ leader: { ...without, rev: 1n } }),
      granted,
    );
    const { kvs } = await kv.range(everything);
    await see(() => Promise.resolve(kvs.map((each) => [each.value, each.lease === 1n])));
    await see(() => election.resign({ leader: without }), granted);
  },

  async "Election: observe"(see, { election, lease, kv }) {
    for (const ID of [1n, 2n]) await lease.leaseGrant({ ID, TTL: 600n });
    const observed = election.observe({ name })[Symbol.asyncIterator]();
    const next = async (): Promise<object> => (await observed.next()).value ?? {};
    const before = next();
    // The stream has no answer that says it is open.
    await new Promise((resolve) => setTimeout(resolve, 300));
    const { leader } = await election.campaign({ name, lease: 1n, value: bytes("a") });
    if (leader === undefined) throw new Error("nobody was elected");
    await see(() => before);
    await election.proclaim({ leader, value: bytes("b") });
    await see(() => next());
    const second = election.campaign({ name, lease: 2n, value: bytes("c") });
    await until("the second waits", async () => (await kv.range(everything)).count === 2n);
    await election.resign({ leader });
    await see(
      () => second,
      () => next(),
    );
    await see(() => election.observe({ name })[Symbol.asyncIterator]().next());
  },

  async "Maintenance: alarms and what they forbid"(see, { maintenance, kv, lease, cluster }) {
    const memberID = (await cluster.memberList({})).members[0]?.ID ?? 0n;
    const put = { request: { case: "requestPut", value: { key: name } } } as const;
    const remove = { request: { case: "requestDeleteRange", value: { key: name } } } as const;
    const read = { request: { case: "requestRange", value: { key: name } } } as const;
    for (const alarm of [AlarmType.NONE, AlarmType.NOSPACE, AlarmType.CORRUPT]) {
      const { alarms } = await maintenance.alarm({ action: 1, memberID, alarm });
      await see(() => Promise.resolve({ raised: alarms.map((each) => each.alarm) }));
      await see(
        () => kv.put({ key: name }),
        () => kv.range({ key: name }),
        () => kv.deleteRange({ key: name }),
      );
      await see(
        () => kv.txn({ success: [put] }),
        () => kv.txn({ failure: [put] }),
        () => kv.txn({ success: [remove] }),
      );
      await see(
        () => kv.txn({ success: [read] }),
        () => kv.compact({ revision: 10_000n }),
        () => kv.put({}),
      );
      await see(() => kv.txn({ success: [{ request: { case: "requestTxn", value: { success: [put] } } }] }));
      await see(
        () => lease.leaseGrant({ ID: BigInt(alarm + 5), TTL: 600n }),
        () => lease.leaseRevoke({ ID: 9n }),
      );
      const { errors } = await maintenance.status({});
      await see(() =>
        Promise.resolve(errors.map((error) => error.replace(/ +/g, " ").replace(String(memberID), "member"))),
      );
      const disarmed = await maintenance.alarm({ action: 2, memberID, alarm });
      await see(
        () => Promise.resolve({ disarmed: disarmed.alarms.length }),
        () => maintenance.alarm({}),
      );
    }
  },

  async "Maintenance: leader, downgrade, hashes"(see, { maintenance, cluster }) {
    const targetID = (await cluster.memberList({})).members[0]?.ID ?? 0n;
    await see(
      () => maintenance.moveLeader({ targetID }),
      () => maintenance.moveLeader({ targetID: 5n }),
    );
    for (const version of ["3.6", "3.6.1", "3.7.0", "3.5", "v3.6", "", "3.6.0-rc.1"]) {
      await see(() => maintenance.downgrade({ action: 0, version }));
    }
    await see(
      () => maintenance.downgrade({ action: 1, version: "3.5" }),
      () => maintenance.downgrade({ action: 2 }),
    );
    await see(() => maintenance.downgrade({ action: 7 as DowngradeRequest_DowngradeAction, version: "3.6" }));
    await see(
      () => maintenance.hash({}),
      () => maintenance.hashKV({}),
      () => maintenance.hashKV({ revision: 10_000n }),
    );
    await see(() => maintenance.defragment({}));
    const { dbSizeQuota, downgradeInfo, storageVersion, isLearner, errors, version } = await maintenance.status({});
    await see(() => Promise.resolve({ dbSizeQuota, downgradeInfo, storageVersion, isLearner, errors, version }));
  },

  async "Maintenance: a snapshot's frame"(see, { maintenance }) {
    const parts: Uint8Array[] = [];
    let remaining = -1n;
    let isWhole = true;
    for await (const { blob, remainingBytes } of maintenance.snapshot({})) {
      isWhole &&= remaining < 0n || remaining === 0n || remainingBytes === remaining - BigInt(blob.length);
      remaining = remainingBytes;
      parts.push(blob);
    }
    const digest = parts.pop();
    const whole = Buffer.concat(parts);
    const isRight = createHash("sha256")
      .update(whole)
      .digest()
      .equals(digest ?? bytes(""));
    await see(() => Promise.resolve({ isWhole, isRight, pages: whole.length % 512, remaining }));
  },

  async "Cluster: a learner may come and go"(see, { cluster }) {
    const self = (await cluster.memberList({})).members[0]?.ID ?? 0n;
    const learners = async (call: Promise<{ members: readonly { isLearner: boolean; peerURLs: string[] }[] }>) =>
      (await call).members.filter(({ isLearner }) => isLearner).map(({ peerURLs }) => peerURLs);
    for (const peerURLs of [[], ["nonsense"], ["http://host"], ["http://host:1/path"], ["ftp://host:1"]]) {
      await see(() => learners(cluster.memberAdd({ peerURLs, isLearner: true })));
    }
    for (const ID of [self, 5n]) await see(() => learners(cluster.memberPromote({ ID })));
    for (const ID of [self, 5n]) await see(() => learners(cluster.memberRemove({ ID })));
    await see(() => learners(cluster.memberUpdate({ ID: 5n })));
    const { member } = await cluster.memberAdd({
      peerURLs: ["http://127.0.0.1:2", "http://127.0.0.1:1"],
      isLearner: true,
    });
    const ID = member?.ID ?? 0n;
    await see(() => Promise.resolve({ peerURLs: member?.peerURLs, isLearner: member?.isLearner, name: member?.name }));
    await see(() => learners(cluster.memberAdd({ peerURLs: ["http://127.0.0.1:1"], isLearner: true })));
    await see(() => learners(cluster.memberAdd({ peerURLs: ["http://127.0.0.1:3"], isLearner: true })));
    await see(
      () => learners(cluster.memberPromote({ ID })),
      () => learners(cluster.memberUpdate({ ID, peerURLs: ["http://127.0.0.1:4"] })),
    );
    await see(
      () => learners(cluster.memberRemove({ ID })),
      () => learners(cluster.memberRemove({ ID })),
    );
  },

  async "Health: serving"(see, { health }) {
    await see(
      () => health.check({}),
      () => health.check({ service: "etcdserverpb.KV" }),
    );
    for (const service of ["", "etcdserverpb.KV"]) {
      const abort = new AbortController();
      const states = health.watch({ service }, { signal: abort.signal })[Symbol.asyncIterator]();
      await see(() => states.next());
      abort.abort();
    }
  },

  async "every call without a token, with a wrong one, a user's and root's"(see, target) {
    const { auth, kv, lease, maintenance, cluster, lock, election } = target;
    for (const user of ["root", "user"]) await auth.userAdd({ name: user, password: "root" });
    await auth.userGrantRole({ user: "root", role: "root" });
    await lease.leaseGrant({ ID: 1n, TTL: 600n });
    await kv.put({ key: bytes("k"), lease: 1n });
    await auth.authEnable({});
    const tokenOf = async (name: string) => (await auth.authenticate({ name, password: "root" })).token;
    for (const token of ["", "wrong", await tokenOf("user"), `Bearer ${await tokenOf("root")}`]) {
      const by = { headers: token === "" ? {} : { [token.startsWith("B") ? "authorization" : "token"]: token } };
      const ended = async (call: Promise<unknown>) => call.then(() => "ok");
      await see(
        () => kv.range({ key: name }, by),
        () => kv.put({ key: name }, by),
        () => kv.deleteRange({ key: name }, by),
        () => kv.txn({}, by),
      );
      await see(
        () => once(kv.rangeStream({ key: name }, by)),
        () => kv.compact({ revision: 10_000n }, by),
        () => kv.range({}, by),
      );
      await see(
        () => lease.leaseGrant({ ID: 1n, TTL: 600n }, by),
        () => lease.leaseRevoke({ ID: 5n }, by),
        () => lease.leaseLeases({}, by),
      );
      for (const keys of [false, true]) await see(() => lease.leaseTimeToLive({ ID: 1n, keys }, by));
      await see(() => once(lease.leaseKeepAlive(one({ ID: 1n }), by)));
      await see(
        () => ended(maintenance.status({}, by)),
        () => maintenance.alarm({}, by),
        () => maintenance.alarm({ action: 2 }, by),
      );
      await see(
        () => maintenance.defragment({}, by),
        () => maintenance.hash({}, by),
        () => ended(maintenance.hashKV({}, by)),
      );
      await see(
        () => ended(once(maintenance.snapshot({}, by))),
        () => maintenance.moveLeader({ targetID: 5n }, by),
      );
      await see(() => maintenance.downgrade({ version: "x" }, by));
      await see(
        () => ended(cluster.memberList({}, by)),
        () => cluster.memberAdd({}, by),
        () => cluster.memberRemove({ ID: 5n }, by),
      );
      await see(
        () => cluster.memberUpdate({ ID: 5n }, by),
        () => cluster.memberPromote({ ID: 5n }, by),
      );
      await see(
        () => lock.lock({ name, lease: 1n }, by),
        () => lock.unlock({ key: bytes("name/1") }, by),
      );
      await see(
        () => election.leader({ name }, by),
        () => election.campaign({ name, lease: 1n }, by),
        () => election.proclaim({}, by),
      );
      await see(() => once(election.observe({ name: bytes("k") }, { ...by, timeoutMs: 500 })).catch(() => "silence"));
      await see(
        () => kv.deleteRange({ key: bytes("name/1") }, by),
        () => target.health.check({}, by),
      );
      const create = { case: "createRequest", value: { key: name } } as const;
      await see(() => once(target.watch.watch(one({ requestUnion: create }), { ...by, timeoutMs: 5000 })));
    }
  },

  async "Watch: a request as long as it may be, and one that is no message any more"(see, { watch }) {
    for (const length of [2 ** 21 - 20, 2 ** 21]) {
      const create = { case: "createRequest", value: { key: new Uint8Array(length) } } as const;
      await see(() => once(watch.watch(one({ requestUnion: create }), { timeoutMs: 5000 })));
    }
  },
};

const everything = { key: Uint8Array.of(0), rangeEnd: Uint8Array.of(0) };

/** The second in a queue waits, and goes away. */
async function givesUp(
  see: Parameters<Script>[0],
  kv: Target["kv"],
  ask: (options: CallOptions) => Promise<unknown>,
  by: CallOptions = {},
): Promise<void> {
  const abort = new AbortController();
  const second = ask({ ...by, signal: abort.signal });
  await until("the second waits", async () => (await kv.range(everything, by)).count === 2n);
  abort.abort();
  await see(() => second);
}

/** The headers of root's calls from now on. */
async function signInAsRoot({ auth }: Target): Promise<{ readonly headers: HeadersInit }> {
  await auth.userAdd({ name: "root", password: rootPassword });
  await auth.userGrantRole({ user: "root", role: "root" });
  await auth.authEnable({});
  return { headers: { token: (await auth.authenticate({ name: "root", password: rootPassword })).token } };
}

/** Without an error's code: a time-out's is that of whoever is first to notice. */
function isGranted(call: Promise<unknown>): Promise<object> {
  return call.then(
    () => ({ granted: true }),
    () => ({ granted: false }),
  );
}

/** What comes first in a stream. */
function once(stream: AsyncIterable<unknown>): Promise<IteratorResult<unknown>> {
  return stream[Symbol.asyncIterator]().next();
}

async function* one<T>(message: T): AsyncGenerator<T> {
  yield message;
}

suite("what else etcd serves, call by call", () => {
  let pair: Pair;
  before(async () => {
    pair = await startPair();
  });
  after(() => pair?.[Symbol.asyncDispose]());

  for (const [title, script] of Object.entries(scripts)) {
    test(title, async () => {
      const [real, memory] = await Promise.all([run(script, pair.real), run(script, pair.memory)]);
      expect(real.length).to.be.greaterThan(0);
      for (const [index, seen] of real.entries()) expect(memory[index], `answer ${index}`).to.deep.equal(seen);
    });
  }
});

async function run(script: Script, target: Target): Promise<unknown[]> {
  const session = await Session.begin(target);
  const seen: unknown[] = [];
  const see = async (...calls: (() => Promise<unknown>)[]): Promise<void> => {
    for (const call of calls)
      for (const outcome of await Promise.allSettled([call()])) seen.push(show(outcome, session));
  };
  await script(see, target);
  await session.finish();
  return seen;
}

function show(outcome: PromiseSettledResult<unknown>, session: Session): unknown {
  if (outcome.status === "fulfilled") return toPlain(outcome.value, session);
  const { code, rawMessage } = ConnectError.from(outcome.reason);
  return `${Code[code]}: ${rawMessage}`;
}
