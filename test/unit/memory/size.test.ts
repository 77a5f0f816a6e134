import { describe, test } from "node:test";
import { createClient } from "@connectrpc/connect";
import { expect } from "chai";
import { Auth } from "../../../src/gen/etcdserverpb/auth_pb.ts";
import { Cluster } from "../../../src/gen/etcdserverpb/cluster_pb.ts";
import { Election } from "../../../src/gen/v3electionpb/election_pb.ts";
import { Lock } from "../../../src/gen/v3lockpb/lock_pb.ts";
import { bytes, collect, refusal, startMemory } from "./fixture.ts";

const mebibyte = 1024 * 1024;
/** Of so many bytes: more than a function takes arguments, etcd's largest entry, its largest message. */
const [long, tooLong, monstrous] = [200_000, 1.6 * mebibyte, 3 * mebibyte].map((length) => "x".repeat(length)) as [
  string,
  string,
  string,
];
const name = bytes(long);

function start() {
  const { transport, kv } = startMemory();
  const [lock, election] = [createClient(Lock, transport), createClient(Election, transport)];
  return { kv, lock, election, auth: createClient(Auth, transport), cluster: createClient(Cluster, transport) };
}

test("a lock and an election may have long names", async () => {
  const { kv, lock, election } = start();
  const { key } = await lock.lock({ name });
  expect(key.length).to.be.greaterThan(long.length);
  await lock.unlock({ key });
  const { leader } = await election.campaign({ name, value: bytes("a") });
  expect((await election.leader({ name })).kv?.key).to.deep.equal(leader?.key);
  const observed = election.observe({ name })[Symbol.asyncIterator]();
  expect((await observed.next()).value?.kv?.value).to.deep.equal(bytes("a"));
  expect((await kv.range({ key: leader?.key ?? name })).count).to.equal(1n);
});

describe("as KV's calls, refused is", () => {
  const { kv, lock, election, auth, cluster } = start();
  const entries = {
    "Lock.Lock": ["Unknown", () => lock.lock({ name: bytes(tooLong) })],
    "Lock.Unlock": ["Unknown", () => lock.unlock({ key: bytes(tooLong) })],
    "Election.Campaign": ["Unknown", () => election.campaign({ name: bytes("a"), value: bytes(tooLong) })],
    "Auth.UserAdd": ["InvalidArgument", () => auth.userAdd({ name: tooLong, options: { noPassword: true } })],
    "Auth.RoleAdd": ["InvalidArgument", () => auth.roleAdd({ name: tooLong })],
    "Auth.UserDelete": ["InvalidArgument", () => auth.userDelete({ name: tooLong })],
  } as const;
  for (const [method, [code, call]] of Object.entries(entries)) {
    test(`a ${method} that is no entry of the log any more`, async () => {
      expect(await refusal(call())).to.deep.equal([code, "etcdserver: request is too large"]);
    });
  }

  const messages = {
    "KV.RangeStream": () => collect(kv.rangeStream({ key: bytes(monstrous) })),
    "Lock.Lock": () => lock.lock({ name: bytes(monstrous) }),
    "Lock.Unlock": () => lock.unlock({ key: bytes(monstrous) }),
    "Election.Campaign": () => election.campaign({ value: bytes(monstrous) }),
    "Election.Leader": () => election.leader({ name: bytes(monstrous) }),
    "Auth.UserGet": () => auth.userGet({ name: monstrous }),
    "Auth.UserAdd": () => auth.userAdd({ name: monstrous }),
    "Cluster.MemberAdd": () => cluster.memberAdd({ peerURLs: [monstrous] }),
  };
  for (const [method, call] of Object.entries(messages)) {
    test(`a ${method} that is no message any more`, async () => {
      // A field's tag (1 byte) and length (4) come with the bytes.
      expect(await refusal(call())).to.deep.equal([
        "ResourceExhausted",
        `grpc: received message larger than max (${monstrous.length + 5} vs. ${2 * mebibyte})`,
      ]);
    });
  }
});
