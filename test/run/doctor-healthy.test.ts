import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, it } from "node:test";
import { getCACertificates, setDefaultCACertificates } from "node:tls";
import { type DiagnoseOptions, type Diagnosis, diagnose } from "../../src/doctor/index.ts";
import { createGateway } from "../../src/gateway/index.ts";
import { createMemoryEtcd } from "../../src/memory/index.ts";
import { inWords, origin } from "../doctor/expect-finding.ts";
import { startEnvoy } from "../fixtures/envoy.ts";
import { startEtcd } from "../fixtures/etcd.ts";
import { startTraefikMiddleware } from "../fixtures/traefik.ts";

const quietSeconds = 2;

describe("the doctor finds nothing wrong with", () => {
  for (const tls of [false, true]) {
    it(`the Envoy that ships, ${tls ? "with" : "without"} TLS`, async () => {
      await using etcd = await startEtcd("3.7");
      await using envoy = await startEnvoy({ etcd: [etcd.address], allowOrigin: origin, tls });
      if (envoy.caCert) setDefaultCACertificates([...getCACertificates(), await readFile(envoy.caCert, "utf8")]);
      await expectHealth(envoy.url, { origin });
      assert.equal(await etcd.watchers(), 0);
    });
  }

  it("Traefik's middleware grpcWeb, which knows a preflight by x-grpc-web", async () => {
    await using etcd = await startEtcd("3.7");
    await using traefik = await startTraefikMiddleware(etcd.address, origin);
    await expectHealth(traefik.url, { origin });
  });

  it("the gateway before a real etcd", async () => {
    await using etcd = await startEtcd("3.7");
    await using gateway = await createGateway({ etcd: etcd.address, policy: "open", port: 0, origins: [origin] });
    await expectHealth(gateway.url, { origin });
  });

  it("a gateway that lets some keys be read, and says which ones the doctor may not see", async () => {
    await using etcd = await startEtcd("3.7");
    const policy = { prefixes: ["config/"] };
    await using gateway = await createGateway({ etcd: etcd.address, policy, port: 0, origins: [origin] });
    await expectHealth(gateway.url, { origin, key: "config/theme" });
    const { findings, skipped, level } = await diagnose(gateway.url, { origin, quietSeconds: 1 });
    const hidden = findings.filter(({ code }) => code === "not-permitted").map(({ check }) => check);
    assert.deepEqual([level, hidden, skipped], ["note", ["sign-in", "stream"], ["delivery", "quiet-stream"]]);
  });

  it("the gateway before the etcd in memory", async () => {
    await using memory = createMemoryEtcd();
    await using gateway = await createGateway({ memory, port: 0, origins: [origin] });
    await expectHealth(gateway.url, { origin });
    assert.equal(gateway.activeRequests, 0);
  });

  it("the etcd in memory itself, where there is no HTTP to look at", async () => {
    await using memory = createMemoryEtcd({ progressIntervalMs: 300 });
    const { findings, skipped } = await expectHealth("memory", { transport: memory.transport });
    const looked = new Set(findings.map(({ check }) => check));
    assert.deepEqual([looked.has("cors"), looked.has("http-version"), looked.has("progress")], [false, false, true]);
    assert.deepEqual(skipped, []);
  });
});

async function expectHealth(url: string, options: DiagnoseOptions): Promise<Diagnosis> {
  const seen: string[] = [];
  const onFinding: DiagnoseOptions["onFinding"] = ({ code }) => seen.push(code);
  const diagnosis = await diagnose(url, { quietSeconds, ...options, onFinding });
  assert.ok(["ok", "note"].includes(diagnosis.level), inWords(diagnosis));
  assert.deepEqual(diagnosis.skipped, []);
  assert.deepEqual(
    seen,
    diagnosis.findings.map(({ code }) => code),
  );
  return diagnosis;
}
