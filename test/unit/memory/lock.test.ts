import { test } from "node:test";
import { createClient } from "@connectrpc/connect";
import { expect } from "chai";
import { Auth } from "../../../src/gen/etcdserverpb/auth_pb.ts";
import { Election } from "../../../src/gen/v3electionpb/election_pb.ts";
import { Lock } from "../../../src/gen/v3lockpb/lock_pb.ts";
import { errors } from "../../../src/memory/errors.ts";
import { bytes, fromKey, refusal, settled, startMemory, text } from "./fixture.ts";

// Order, errors and headers are compared with a real etcd's in test/run/differential: here is what needs a clock.

const name = bytes("name");
const all = { key: fromKey, rangeEnd: fromKey };

function start() {
  const memory = startMemory();
  const lock = createClient(Lock, memory.transport);
  const election = createClient(Election, memory.transport);
  const keys = async () => (await memory.kv.range(all)).kvs.map(({ key }) => text(key));
  return { ...memory, lock, election, keys };
}

test("a lock goes to the next when its lease runs out", async () => {
  const { clock, lock, lease, keys } = start();
  await lease.leaseGrant({ ID: 1n, TTL: 10n });
  await lease.leaseGrant({ ID: 2n, TTL: 60n });
  await lock.lock({ name, lease: 1n });
  const second = lock.lock({ name, lease: 2n });
  await settled();
  expect(await keys()).to.deep.equal(["name/1", "name/2"]);
  clock.advance(10_000);
  expect(text((await second).key)).to.equal("name/2");
  expect(await keys()).to.deep.equal(["name/2"]);
});

test("a lock without a lease is held for a minute, as nobody keeps it", async () => {
  const { clock, lock, keys } = start();
  const { key } = await lock.lock({ name });
  clock.advance(59_000);
  expect(await keys()).to.deep.equal([text(key)]);
  clock.advance(1_000);
  expect(await keys()).to.deep.equal([]);
});

test("who waits and goes away, or is cut off, leaves neither a key nor anything else", async () => {
  const { server, lock, election, lease, keys } = start();
  for (const ID of [1n, 2n, 3n]) await lease.leaseGrant({ ID, TTL: 60n });
  await lock.lock({ name, lease: 1n });
  const abort = new AbortController();
  const waiting = [
    lock.lock({ name, lease: 2n }, { signal: abort.signal }),
    election.campaign({ name, lease: 3n }, { signal: abort.signal }),
  ];
  const refused = Promise.all(waiting.map(refusal));
  await settled();
  expect(server.core.connections.size).to.equal(2);
  abort.abort();
  expect((await refused).map(([code]) => code)).to.deep.equal(["Canceled", "Canceled"]);
  await settled();
  expect([await keys(), server.core.connections.size]).to.deep.equal([["name/1"], 0]);
  const cut = refusal(lock.lock({ name, lease: 2n }));
  await settled();
  server.core.cut(errors.connectionLost());
  expect((await cut)[0]).to.equal("Unavailable");
  expect([await keys(), server.core.connections.size]).to.deep.equal([["name/1"], 0]);
});

test("observe() ends with its reader, and when the server is cut off", async () => {
  const { server, election, lease } = start();
  await lease.leaseGrant({ ID: 1n, TTL: 60n });
  await election.campaign({ name, lease: 1n, value: bytes("a") });
  const abort = new AbortController();
  const observed = election.observe({ name }, { signal: abort.signal })[Symbol.asyncIterator]();
  expect(text((await observed.next()).value?.kv?.value)).to.equal("a");
  const next = refusal(observed.next());
  abort.abort();
  expect((await next)[0]).to.equal("Canceled");
  await settled();
  expect(server.core.connections.size).to.equal(0);
  const other = election.observe({ name })[Symbol.asyncIterator]();
  await other.next();
  const last = refusal(other.next());
  server.core.cut(errors.connectionLost());
  expect((await last)[0]).to.equal("Unavailable");
});

test("observe() shows the oldest who waits when a lease of a leader runs out", async () => {
  const { clock, election, lease } = start();
  for (const [ID, TTL] of [
    [1n, 10n],
    [2n, 60n],
    [3n, 60n],
  ] as const)
    await lease.leaseGrant({ ID, TTL });
  await election.campaign({ name, lease: 1n, value: bytes("a") });
  const observed = election.observe({ name })[Symbol.asyncIterator]();
  const next = async () => text((await observed.next()).value?.kv?.value);
  expect(await next()).to.equal("a");
  const campaigns = [2n, 3n].map((lease) => election.campaign({ name, lease, value: bytes(`${lease}`) }));
  await settled();
  clock.advance(10_000);
  expect(await next()).to.equal("2");
  expect((await campaigns[0])?.leader?.rev).to.equal(3n);
});

test("who is refused while waiting keeps the place until the lease ends, as etcd has no token to leave it with", async () => {
  const { clock, server, transport, lock, election, lease, keys } = start();
  const auth = createClient(Auth, transport);
  await auth.userAdd({ name: "root", password: "secret" });
  await auth.userGrantRole({ user: "root", role: "root" });
  for (const ID of [1n, 2n, 3n]) await lease.leaseGrant({ ID, TTL: 3600n });
  await lock.lock({ name, lease: 1n });
  await auth.authEnable({});
  const signIn = async () => ({
    headers: { token: (await auth.authenticate({ name: "root", password: "secret" })).token },
  });
  const by = await signIn();
  const refused = [lock.lock({ name, lease: 2n }, by), election.campaign({ name, lease: 3n }, by)].map(refusal);
  await settled();
  clock.advance(301_000);
  const later = await signIn();
  await lock.unlock({ key: bytes("name/1") }, later);
  expect(await refused[0]).to.deep.equal(["Unknown", "etcdserver: invalid auth token"]);
  await lease.leaseRevoke({ ID: 2n }, later);
  expect(await refused[1]).to.deep.equal(["Unknown", "etcdserver: invalid auth token"]);
  await auth.authDisable({}, later);
  expect([await keys(), server.core.connections.size]).to.deep.equal([["name/3"], 0]);
});
