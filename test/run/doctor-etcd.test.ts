import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { type DiagnoseOptions, diagnose, type Finding } from "../../src/doctor/index.ts";
import { createGateway } from "../../src/gateway/index.ts";
import { AlarmRequest_AlarmAction as Action, AlarmType, KV, Maintenance } from "../../src/proto.ts";
import { startLearner } from "../doctor/learner.ts";
import { startCluster } from "../fixtures/cluster.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { type EtcdServer, progressNotifyInterval, startEtcd } from "../fixtures/etcd.ts";
import { signIn, turnOnAuth } from "../fixtures/etcd-users.ts";
import { eventually } from "../fixtures/eventually.ts";
import { etcdReleases } from "../fixtures/versions.ts";

const mebibyte = 1024 * 1024;
const users = {
  root: { name: "root", password: "root's" },
  reader: { name: "reader", password: "reader's" },
} as const;

describe("the doctor at an etcd with users", () => {
  let etcd: EtcdServer;
  let envoy: EnvoyProxy;
  before(async () => {
    etcd = await startEtcd("3.7");
    envoy = await startEnvoy({ etcd: [etcd.address] });
    await turnOnAuth(etcd.address, users);
  });
  after(async () => {
    await envoy.stop();
    await etcd.stop();
  });

  it("says that it asks for a sign-in", async () => {
    const { code, level } = await find("sign-in", envoy.url);
    assert.deepEqual({ code, level }, { code: "needs-sign-in", level: "note" });
  });

  it("signs in, and sees what the user may", async () => {
    const { level } = await find("sign-in", envoy.url, { user: users.reader });
    assert.equal(level, "ok");
    assert.equal((await find("delivery", envoy.url, { user: users.reader })).level, "ok");
  });

  it("takes a token as well", async () => {
    const token = await signIn(etcd.address, users.reader);
    assert.equal((await find("sign-in", envoy.url, { token })).level, "ok");
  });

  it("says that a password or a token is not accepted", async () => {
    const wrong = { ...users.reader, password: "wrong" };
    assert.equal((await find("sign-in", envoy.url, { user: wrong })).code, "sign-in-failed");
    assert.equal((await find("sign-in", envoy.url, { token: "wrong.1" })).code, "token-rejected");
  });

  it("says that a proxy drops tokens", async () => {
    await using dropping = await startEnvoy({
      etcd: [etcd.address],
      overrides: ({ route }) => Object.assign(route, { request_headers_to_remove: ["token"] }),
    });
    const { code, level } = await find("sign-in", dropping.url, { user: users.reader });
    assert.deepEqual({ code, level }, { code: "token-dropped", level: "fault" });
  });

  it("takes a missing permission for `token` of CORS more seriously than without users", async () => {
    await using strict = await startEnvoy({
      etcd: [etcd.address],
      overrides({ corsPolicy }) {
        corsPolicy.allow_headers = corsPolicy.allow_headers.replace(",token", "");
      },
    });
    const { code, level } = await find("cors", strict.url, { origin: "http://localhost:3000" });
    assert.deepEqual({ code, level }, { code: "cors-headers-not-allowed", level: "fault" });
  });
});

describe("the doctor", () => {
  it("tells an alarm", async () => {
    await using etcd = await startEtcd("3.7");
    const direct = createClient(Maintenance, createGrpcTransport({ baseUrl: `http://${etcd.address}` }));
    const { header } = await direct.status({});
    await direct.alarm({ action: Action.ACTIVATE, memberID: header?.memberId ?? 0n, alarm: AlarmType.NOSPACE });
    await using gateway = await createGateway({ etcd: etcd.address, policy: "open", port: 0 });
    const { code, level } = await find("upkeep", gateway.url);
    assert.deepEqual({ code, level }, { code: "no-space", level: "fault" });
  });

  it("says what makes room, which compaction alone does not", async () => {
    // Each write is in the file before the next one comes: how large it is then, is no matter of luck.
    const args = [`--quota-backend-bytes=${32 * mebibyte}`, "--backend-batch-limit=1"];
    await using etcd = await startEtcd("3.7", { args });
    const transport = createGrpcTransport({ baseUrl: `http://${etcd.address}` });
    const [kv, maintenance] = [createClient(KV, transport), createClient(Maintenance, transport)];
    for (let size = 0; size < 27 * mebibyte; size = Number((await maintenance.status({})).dbSize))
      await kv.put({ key: Uint8Array.of(1), value: new Uint8Array(mebibyte / 2) });
    await using gateway = await createGateway({ etcd: etcd.address, policy: "open", port: 0 });
    const { code, fixes } = await find("upkeep", gateway.url);
    assert.equal(code, "nearly-full");
    assert.ok(
      fixes.some(({ of, lines }) => of === "etcd" && lines.includes("etcdctl defrag")),
      JSON.stringify(fixes),
    );
    const { header } = await kv.range({ key: Uint8Array.of(1), countOnly: true });
    await kv.compact({ revision: header?.revision ?? 0n, physical: true });
    assert.equal((await find("upkeep", gateway.url)).code, "nearly-full");
    await maintenance.defragment({});
    assert.equal((await find("upkeep", gateway.url)).code, "ok");
  });

  it("holds a stream for parts of a second as well", async () => {
    await using etcd = await startEtcd("3.7", { args: [progressNotifyInterval("3.7", "500ms")] });
    await using envoy = await startEnvoy({ etcd: [etcd.address] });
    assert.equal((await find("progress", envoy.url, { quietSeconds: 2.0005 })).code, "ok");
  });

  it("does not send whoever has lost a quorum to look for etcd's address", async () => {
    await using cluster = await startCluster("3.7");
    const [left, ...others] = cluster.members;
    assert.ok(left);
    await Promise.all(others.map((member) => member.kill()));
    await eventually("the member knows of no leader", async () =>
      (await left.status()).leader === "0" ? true : undefined,
    );
    await using envoy = await startEnvoy({ etcd: [left.address] });
    const { findings, skipped } = await diagnose(envoy.url, { quietSeconds: 1 });
    assert.deepEqual(faultsOf(findings), ["stream no-leader", "upkeep no-leader"], JSON.stringify(findings, null, 2));
    assert.deepEqual(skipped, ["delivery", "quiet-stream"]);
  });

  it("does not blame a proxy for what a learner refuses", async () => {
    await using learner = await startLearner();
    await using envoy = await startEnvoy({ etcd: [learner.address] });
    const { findings } = await diagnose(envoy.url, { quietSeconds: 0 });
    assert.deepEqual(faultsOf(findings), ["stream learner"], JSON.stringify(findings, null, 2));
    assert.ok(findings.some(({ check, code }) => check === "upkeep" && code === "learner"));
    assert.equal(findings.find(({ check }) => check === "sign-in")?.code, "read-failed");
  });

  it("knows what is wrong with an old release", async () => {
    await using etcd = await startEtcd("3.5.14");
    await using gateway = await createGateway({ etcd: etcd.address, policy: "open", port: 0 });
    const { code, seen } = await find("etcd", gateway.url);
    assert.equal(code, "known-bugs");
    assert.ok(seen.includes(etcdReleases["3.5.14"]), seen);
  });

  it("says that there is no etcd at a path, nobody at a port, and no such name", async () => {
    await using gateway = await createGateway({ etcd: "127.0.0.1:1", policy: "open", port: 0 });
    assert.equal((await find("reach", gateway.url)).code, "etcd-unreachable");
    assert.equal((await find("reach", `${gateway.url}/nowhere`)).code, "wrong-path");
    assert.equal((await find("reach", "http://127.0.0.1:1")).code, "unreachable");
    assert.match((await find("reach", "http://no-such-name.invalid")).seen, /no address for the name no-such-name/);
  });

  it("does not blame a proxy for what its own fetch ends", async () => {
    await using etcd = await startEtcd("3.7");
    await using envoy = await startEnvoy({ etcd: [etcd.address] });
    const impatient: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      const own = Object.assign(new Error("Body Timeout Error"), { code: "UND_ERR_BODY_TIMEOUT" }); // as Node's does
      const timer = setTimeout(() => ended.error(new TypeError("terminated", { cause: own })), 1_000);
      let ended: TransformStreamDefaultController;
      const passed = new TransformStream({
        start(controller) {
          ended = controller;
        },
        flush: () => clearTimeout(timer),
      });
      return new Response(response.body?.pipeThrough(passed) ?? null, response);
    };
    const { level, seen } = await find("quiet-stream", envoy.url, { quietSeconds: 10, fetch: impatient });
    assert.equal(level, "ok", seen);
    assert.match(seen, /own fetch/);
  });

  it("is broken off by its signal, with its reason", async () => {
    await using etcd = await startEtcd("3.7");
    await using envoy = await startEnvoy({ etcd: [etcd.address] });
    const reason = new Error("enough");
    const stop = new AbortController();
    const onProgress: DiagnoseOptions["onProgress"] = ({ seconds }) => (seconds ?? 0) >= 1 && stop.abort(reason);
    await assert.rejects(diagnose(envoy.url, { signal: stop.signal, onProgress, quietSeconds: 60 }), reason);
  });

  it("takes no URL and no origin that cannot be", async () => {
    await assert.rejects(diagnose("etcd:2379"), { code: "invalid-argument" });
    await assert.rejects(diagnose("http://localhost", { origin: "app" }), { code: "invalid-argument" });
    for (const options of [{ quietSeconds: -1 }, { quietSeconds: 100_000 }, { key: "" }])
      await assert.rejects(diagnose("http://127.0.0.1:1", options), { code: "invalid-argument" });
  });
});

function faultsOf(findings: readonly Finding[]): readonly string[] {
  return findings.filter(({ level }) => level === "fault").map(({ check, code }) => `${check} ${code}`);
}

async function find(check: Finding["check"], url: string, options: DiagnoseOptions = {}): Promise<Finding> {
  const { findings } = await diagnose(url, { quietSeconds: 0, ...options });
  const found = findings.find((finding) => finding.check === check);
  assert.ok(found, findings.map(({ check, seen }) => `${check}: ${seen}`).join("\n"));
  return found;
}
