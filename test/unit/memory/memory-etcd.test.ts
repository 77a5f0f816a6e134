import { execFileSync } from "node:child_process";
import { describe, test } from "node:test";
import { createClient } from "@connectrpc/connect";
import { expect } from "chai";
import { Auth } from "../../../src/gen/etcdserverpb/auth_pb.ts";
import { Cluster } from "../../../src/gen/etcdserverpb/cluster_pb.ts";
import { KV } from "../../../src/gen/etcdserverpb/kv_pb.ts";
import { Maintenance } from "../../../src/gen/etcdserverpb/maintenance_pb.ts";
import { Watch } from "../../../src/gen/etcdserverpb/watch_pb.ts";
import { Health, HealthCheckResponse_ServingStatus as Serving } from "../../../src/gen/grpc/health/v1/health_pb.ts";
import { createMemoryEtcd, type MemoryEtcd } from "../../../src/memory/index.ts";
import { bytes, createRequest, fromKey, ManualClock, refusal, startMemory, WatchCall } from "./fixture.ts";

const key = bytes("k");
const everything = { key: fromKey, rangeEnd: fromKey };

test("every header names the same cluster and member, by ids beyond what a number holds", async () => {
  const { transport } = createMemoryEtcd();
  const kv = createClient(KV, transport);
  const headers = [(await kv.put({ key })).header, (await kv.range({ key })).header, (await kv.txn({})).header];
  headers.push((await createClient(Cluster, transport).memberList({})).header);
  expect(
    new Set(headers.map((header) => `${header?.clusterId} ${header?.memberId} ${header?.raftTerm}`)).size,
  ).to.equal(1);
  const [header] = headers;
  for (const id of [header?.clusterId, header?.memberId]) expect(id !== undefined && id > 2n ** 53n).to.equal(true);
  expect(headers.map((each) => each?.revision)).to.deep.equal([2n, 2n, 2n, 0n]);
});

test("createMemoryEtcd() makes a cluster of its own each time", async () => {
  const clusterOf = async () => (await createClient(KV, createMemoryEtcd().transport).range({ key })).header?.clusterId;
  expect(await clusterOf()).to.not.equal(await clusterOf());
});

test("status(), memberList() and check() describe a healthy cluster of one", async () => {
  const { transport, kv } = startMemory();
  const { header } = await kv.put({ key, value: bytes("12345") });
  const status = await createClient(Maintenance, transport).status({});
  expect(status).to.include({ leader: header?.memberId, dbSize: 6n, isLearner: false, raftTerm: header?.raftTerm });
  expect(status.version).to.match(/^3\.7\./);
  const { members } = await createClient(Cluster, transport).memberList({});
  expect(members.map(({ ID, isLearner }) => [ID, isLearner])).to.deep.equal([[header?.memberId, false]]);
  const health = createClient(Health, transport);
  expect((await health.check({})).status).to.equal(Serving.SERVING);
  expect(await refusal(health.check({ service: "x" }))).to.deep.equal(["NotFound", "unknown service"]);
});

describe("faults", () => {
  test("cutStreams() ends every watch, and nothing else", async () => {
    const memory = createMemoryEtcd();
    const call = new WatchCall(createClient(Watch, memory.transport)).send(createRequest({ key })).finish();
    await call.next();
    const waiting = call.next();
    memory.faults.cutStreams();
    expect((await refusal(waiting))[0]).to.equal("Unavailable");
    await createClient(KV, memory.transport).put({ key });
  });

  test("unavailable() refuses calls for its time, and keeps the data", async () => {
    const clock = new ManualClock();
    const { transport, faults } = createMemoryEtcd({ clock });
    const kv = createClient(KV, transport);
    const watch = createClient(Watch, transport);
    await kv.put({ key });
    const call = new WatchCall(watch).send(createRequest({ key })).finish();
    await call.next();
    faults.unavailable(1000);
    expect((await refusal(call.next()))[0]).to.equal("Unavailable");
    expect((await refusal(kv.range({ key })))[0]).to.equal("Unavailable");
    expect((await refusal(new WatchCall(watch).send(createRequest({ key })).next()))[0]).to.equal("Unavailable");
    clock.advance(1000);
    expect((await kv.range({ key })).count).to.equal(1n);
  });

  const ends = [
    ["cutStreams()", (memory: MemoryEtcd) => memory.faults.cutStreams(), "error reading from server: EOF"],
    ["unavailable()", (memory: MemoryEtcd) => memory.faults.unavailable(1000), "error reading from server: EOF"],
    ["close()", (memory: MemoryEtcd) => memory.close(), "etcdserver: server stopped"],
  ] as const;
  const streams = [
    ["rangeStream()", ({ transport }: MemoryEtcd) => createClient(KV, transport).rangeStream(everything)],
    ["snapshot()", ({ transport }: MemoryEtcd) => createClient(Maintenance, transport).snapshot({})],
  ] as const;
  for (const [name, end, words] of ends)
    for (const [what, open] of streams) {
      test(`${name} ends a ${what} in the middle`, async () => {
        const memory = createMemoryEtcd({ clock: new ManualClock() });
        const kv = createClient(KV, memory.transport);
        for (let number = 0; number < 100; number++)
          await kv.put({ key: bytes(`k${number}`), value: new Uint8Array(1000) });
        const parts: AsyncIterator<unknown> = open(memory)[Symbol.asyncIterator]();
        await parts.next();
        await end(memory);
        const rest = (async () => {
          while (!(await parts.next()).done);
        })();
        expect(await refusal(rest)).to.deep.equal(["Unavailable", words]);
      });
    }

  test("expireTokens() makes everybody sign in again", async () => {
    const { transport, faults } = createMemoryEtcd();
    const auth = createClient(Auth, transport);
    await auth.userAdd({ name: "root", password: "secret" });
    await auth.userGrantRole({ user: "root", role: "root" });
    await auth.authEnable({});
    const signIn = async () => ({
      headers: { token: (await auth.authenticate({ name: "root", password: "secret" })).token },
    });
    const old = await signIn();
    await auth.userList({}, old);
    faults.expireTokens();
    expect(await refusal(auth.userList({}, old))).to.deep.equal(["Unauthenticated", "etcdserver: invalid auth token"]);
    expect((await auth.userList({}, await signIn())).users).to.deep.equal(["root"]);
  });
});

test("close() ends streams, refuses calls, and may be called twice", async () => {
  const memory = createMemoryEtcd();
  const call = new WatchCall(createClient(Watch, memory.transport)).send(createRequest({ key })).finish();
  await call.next();
  await memory.close();
  await memory[Symbol.asyncDispose]();
  const stopped = ["Unavailable", "etcdserver: server stopped"];
  expect(await refusal(call.next())).to.deep.equal(stopped);
  expect(await refusal(createClient(KV, memory.transport).range({ key }))).to.deep.equal(stopped);
});

test("a forgotten memory etcd, with a lease and a watch, lets the process end", () => {
  const program = `
    import { createClient } from "@connectrpc/connect";
    import { Lease } from "./src/gen/etcdserverpb/lease_pb.ts";
    import { Watch } from "./src/gen/etcdserverpb/watch_pb.ts";
    import { createMemoryEtcd } from "./src/memory/index.ts";
    const { transport } = createMemoryEtcd();
    await createClient(Lease, transport).leaseGrant({ TTL: 3600n });
    const create = { requestUnion: { case: "createRequest", value: { key: Uint8Array.of(1), progressNotify: true } } };
    const watch = createClient(Watch, transport).watch((async function* () { yield create; })())[Symbol.asyncIterator]();
    await watch.next();
    void watch.next();
  `;
  const cwd = new URL("../../../", import.meta.url);
  execFileSync(process.execPath, ["--input-type=module-typescript", "--eval", program], { cwd, timeout: 20_000 });
});
