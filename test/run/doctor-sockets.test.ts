import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type AddressInfo, connect, createServer, type Server } from "node:net";
import { after, before, describe, it } from "node:test";
import { createServer as createTlsServer, type TlsOptions } from "node:tls";
import type { Diagnosis, Finding } from "../../src/doctor/index.ts";
import { makeAuthority } from "../fixtures/authority.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { type EtcdServer, startEtcd } from "../fixtures/etcd.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";
import { startTlsScene } from "../fixtures/tls-etcd.ts";
import { run } from "./command/etcd-web.ts";

/** How a TLS handshake offers HTTP/2, and HTTP/1.1. */
const [http2, http1] = ["\x02h2", "\x08http/1.1"];

/** Which connections something on the way cuts off; fetch's own offer HTTP/2 last. */
const refusals = [
  [
    "every one of the doctor's own",
    (hello) => hello.includes(http2) && !hello.includes(http1 + http2),
    ["tls-unknown", "tls-unknown"],
  ],
  [
    "the one that counts the streams",
    (hello) => hello.includes(http2) && !hello.includes(http1),
    ["ok", "tls-unknown"],
  ],
] as const satisfies readonly (readonly [string, (hello: string) => boolean, readonly string[]])[];

/** What servers of ten years ago take. */
const old: TlsOptions = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };

describe("etcd-web doctor whose own connections fail goes on, and says so: ", () => {
  let etcd: EtcdServer;
  let envoy: EnvoyProxy;
  before(async () => {
    etcd = await startEtcd("3.7");
    envoy = await startEnvoy({ etcd: [etcd.address], tls: true });
  });
  after(async () => {
    await envoy?.[Symbol.asyncDispose]();
    await etcd?.stop();
  });

  for (const [which, isRefused, codes] of refusals) {
    it(which, async () => {
      await using relay = await startRelay(Number(new URL(envoy.url).port), isRefused);
      const args = ["--cacert", envoy.caCert ?? "", "--quiet", "0", "--json"];
      const { code, output, errors } = await run("doctor", `https://localhost:${relay.port}`, ...args);
      assert.deepEqual([code, errors], [0, ""], output);
      const { findings } = JSON.parse(output) as Diagnosis;
      const own = (["tls", "http-version"] as const).map((name) => findings.find(({ check }) => check === name));
      assert.deepEqual(
        own.map((finding) => finding?.code),
        codes,
      );
      assert.deepEqual([own[1]?.level, /ECONNRESET/.test(own[1]?.seen ?? "")], ["note", true], own[1]?.seen);
      assert.ok(
        findings.some(({ check, level }) => check === "upkeep" && level !== "fault"),
        "what comes after is looked at",
      );
    });
  }
});

describe("etcd-web doctor, where TLS is particular,", () => {
  it("calls a proxy that speaks HTTP/2 alone, as a browser would", async () => {
    await using etcd = await startEtcd("3.7");
    await using envoy = await startEnvoy({ etcd: [etcd.address] });
    const onward = Number(new URL(envoy.url).port);
    await using scene = await startTls({ ALPNProtocols: ["h2"] }, onward);
    const { code, errors, findings } = await look(scene.port, scene.authority);
    const wrong = findings.filter(({ level }) => level === "fault" || level === "warning");
    assert.deepEqual([code, errors, wrong], [0, "", []]);
    assert.match(findings.find(({ check }) => check === "http-version")?.seen ?? "", /^HTTP\/2/);
  });

  it("says that a certificate of its own is asked for", async () => {
    await using scene = await startTlsScene("localhost");
    const port = Number(scene.etcd.address.split(":")[1]);
    const { findings } = await look(port, scene.authority.certificate);
    const [{ code, seen, means = "" } = assert.fail("nothing was found")] = findings;
    assert.equal(code, "unreachable");
    assert.match(seen, /the TLS handshake is refused \(certificate required\)$/);
    assert.match(means, /client's certificate.*--client-cert-auth/);
  });

  for (const [what, options, words, advice] of [
    [
      "no certificate for the name",
      { cert: undefined, key: undefined },
      "handshake failure",
      /certificate for this name/,
    ],
    ["TLS 1.1 alone", old, "protocol version", /TLS 1\.2/],
  ] as const satisfies readonly (readonly [string, TlsOptions, string, RegExp])[]) {
    it(`tells ${what} from a port without TLS`, async () => {
      await using scene = await startTls(options);
      const { findings } = await look(scene.port, scene.authority);
      assert.ok(findings[0]?.seen.endsWith(`the TLS handshake is refused (${words})`), findings[0]?.seen);
      assert.match(findings[0]?.means ?? "", advice);
    });
  }

  async function look(
    port: number,
    authority: string,
  ): Promise<{ readonly code: number; readonly errors: string; readonly findings: readonly Finding[] }> {
    const args = ["--cacert", authority, "--quiet", "0", "--json"];
    const { code, errors, output } = await run("doctor", `https://localhost:${port}`, ...args);
    return { code, errors, findings: (JSON.parse(output) as Diagnosis).findings };
  }
});

/** Takes the TLS off, and passes the rest on to a port of this machine. */
async function startTls(options: TlsOptions, to = 0): Promise<Relay & { readonly authority: string }> {
  await using parts = new AsyncDisposableStack();
  const folder = await temporaryFolder("tls");
  parts.defer(folder.remove);
  const authority = await makeAuthority(folder.path);
  const { certificate, key } = await authority.issue("localhost");
  const files = { cert: await readFile(certificate), key: await readFile(key) };
  const server = createTlsServer({ ...files, ...options }, (client) => {
    const onward = connect(to).on("error", () => client.destroy());
    client.on("error", () => onward.destroy());
    client.pipe(onward).pipe(client);
  });
  const relay = parts.use(await listening(server));
  const all = parts.move();
  return { port: relay.port, authority: authority.certificate, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

interface Relay extends AsyncDisposable {
  readonly port: number;
}

/** Passes connections on to a port of this machine, but for those whose first bytes are refused. */
async function startRelay(to: number, isRefused: (hello: string) => boolean): Promise<Relay> {
  const server = createServer((client) => {
    client.on("error", () => {});
    client.once("data", (hello) => {
      if (isRefused(hello.toString("latin1"))) {
        client.resetAndDestroy();
        return;
      }
      const onward = connect(to).on("error", () => client.destroy());
      onward.write(hello);
      client.pipe(onward).pipe(client);
    });
  });
  return listening(server);
}

async function listening(server: Server): Promise<Relay> {
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}
