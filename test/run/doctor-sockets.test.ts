import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { after, before, describe, it } from "node:test";
import type { Diagnosis } from "../../src/doctor/index.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { type EtcdServer, startEtcd } from "../fixtures/etcd.ts";
import { run } from "./command/etcd-web.ts";

/** How a TLS handshake offers HTTP/2, and HTTP/1.1. */
const [http2, http1] = ["\x02h2", "\x08http/1.1"];

/** Which connections something on the way cuts off; fetch's own offer no HTTP/2. */
const refusals = [
  ["every one of the doctor's own", (hello) => hello.includes(http2), ["tls-unknown", "tls-unknown"]],
  [
    "the one that counts the streams",
    (hello) => hello.includes(http2) && !hello.includes(http1),
    ["ok", "tls-unknown"],
  ],
] as const satisfies readonly (readonly [string, (hello: string) => boolean, readonly string[]])[];

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
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.close();
    },
  };
}
