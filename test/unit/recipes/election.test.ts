import { test } from "node:test";
import { expect } from "chai";
import type { EtcdError } from "../../../src/index.ts";
import { createSession, type Election } from "../../../src/recipes/index.ts";
import { rejection } from "../../contract/expectations.ts";
import { settle } from "../support/fake-platform.ts";
import { type Scene, scene } from "./scene.ts";

/** Long enough for any pause between tries, and for a session to see its key go. */
const aWhile = 5_000;

/** An election whose session finds its key there already, with what another one on its lease has put. */
async function found({ etcd, other }: Scene): Promise<Election> {
  const lease = await etcd.lease({ ttlSeconds: 600 });
  const session = await createSession(etcd, { lease });
  await other.put(`e/${lease.id.toString(16)}`, "of before", { lease: lease.id });
  return session.election("e");
}

async function expectNoTrace({ other, platform }: Scene, election: Election, failing: Promise<EtcdError>) {
  await platform.pass(aWhile);
  await failing;
  expect(await other.count({ prefix: "e/" })).to.equal(0);
  const again = election.campaign("b", { timeoutMs: aWhile });
  await platform.pass(2 * aWhile);
  await (await again).resign();
}

test("campaign() proclaims its value where its key is there with another", async () => {
  const set = scene();
  const election = await found(set);
  const leadership = await election.campaign("a");
  expect((await election.leader())?.text()).to.equal("a");
  await leadership.resign();
  expect(await set.other.count({ prefix: "e/" })).to.equal(0);
});

test("campaign() whose proclamation is lost leaves no key, and the session may campaign again", async () => {
  const set = scene();
  const election = await found(set);
  set.transport.lose("Txn", "nothing", "request");
  await expectNoTrace(set, election, rejection(election.campaign("a"), "unavailable"));
});

test("campaign() given up while it proclaims leaves no key, and the session may campaign again", async () => {
  const set = scene();
  const election = await found(set);
  const abort = new AbortController();
  let transactions = 0;
  set.transport.onCall = (method) => {
    if (method === "Txn" && ++transactions === 2) abort.abort();
  };
  await expectNoTrace(set, election, rejection(election.campaign("a", { signal: abort.signal }), "aborted"));
});

test("campaign() that gives up where the link is down is not held up by it", async () => {
  const set = scene();
  const election = await found(set);
  set.transport.lose("Txn", "nothing", "request", "request", "request");
  const failing = rejection(election.campaign("a"), "unavailable");
  await settle();
  await failing;
  await expectNoTrace(set, election, failing);
});
