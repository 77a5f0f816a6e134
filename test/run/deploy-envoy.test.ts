import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { suite, test } from "node:test";
import { connect } from "node:tls";
import { expect } from "chai";
import { until } from "../contract/expectations.ts";
import { partBinary } from "../fixtures/install.ts";
import { envoyPart } from "../fixtures/parts/envoy-part.ts";
import { type Child, freePorts, startChild } from "../fixtures/process.ts";
import { deploy } from "./deploy/members.ts";
import { rendered } from "./deploy/rendered.ts";
import { openScene, type Scene } from "./deploy/scene.ts";

suite("browsers → Envoy → a cluster of three, by the files that ship", () => {
  test("a watch survives the loss of its Envoy, and of its member", async () => {
    await using scene = await openScene();
    await using first = await startDeployedEnvoy(scene, 1);
    await using second = await startDeployedEnvoy(scene, 2);
    expect(await alpn(first, scene)).to.equal("h2");
    await using page = await scene.openPage([first.url, second.url]);
    await scene.write(20);
    await scene.heardBy(page);

    const lost = (await first.active()) > 0 ? first : second;
    await lost.stop();
    await scene.write(20);
    await scene.heardBy(page);
    const other = lost === first ? second : first;
    await until("the watch goes through the other Envoy", async () => (await other.active()) > 0);

    const held = await Promise.all(scene.members.map((member) => member.watchers()));
    await scene.members[held.findIndex((count) => count > 0)]?.kill();
    await scene.write(20);
    await scene.heardBy(page);
  });
});

interface DeployedEnvoy extends AsyncDisposable {
  readonly url: string;
  active(): Promise<number>;
  stop(): Promise<void>;
}

async function startDeployedEnvoy({ authority, folder, members }: Scene, number: number): Promise<DeployedEnvoy> {
  const [PORT = 0, ADMIN_PORT = 0] = await freePorts(2);
  const page = await authority.issue(`envoy-${number}`);
  const own = await authority.issue(`envoy-${number}-to-etcd`, { commonName: false });
  const addresses = members.flatMap(({ port }, index) => [
    [`M${index + 1}_ADDRESS`, "127.0.0.1"],
    [`M${index + 1}_PORT`, port],
  ]);
  const values = {
    ...{ PORT, ADMIN_PORT, ORIGIN: "https://app.example.com", ...Object.fromEntries(addresses) },
    ...{ PAGE_CERT: page.certificate, PAGE_KEY: page.key, CA: authority.certificate },
    ...{ CERT: own.certificate, KEY: own.key },
  };
  const config = await rendered(join(deploy, "envoy/envoy.yaml"), values, folder, `envoy-${number}.yaml`);
  const admin = `http://127.0.0.1:${ADMIN_PORT}`;
  const child: Child = await startChild({
    name: `Envoy ${number}`,
    command: await partBinary(envoyPart.name),
    args: ["-c", config, "--base-id", String(PORT), "--concurrency", "1", "--log-level", "error"],
    ready: async () =>
      (await fetch(`${admin}/ready`)).ok &&
      /::127.*health_flags::healthy/.test(await (await fetch(`${admin}/clusters`)).text()),
  });
  return {
    url: `https://localhost:${PORT}`,
    async active() {
      const stats = await (await fetch(`${admin}/stats?filter=downstream_rq_active`)).text();
      return Number(/^http\.etcd\.downstream_rq_active: (\d+)$/m.exec(stats)?.[1]);
    },
    stop: () => child.stop(),
    [Symbol.asyncDispose]: () => child.stop(),
  };
}

/** Which protocol a browser would speak. */
async function alpn({ url }: DeployedEnvoy, { authority }: Scene): Promise<string | false | null> {
  const { hostname, port } = new URL(url);
  const ca = await readFile(authority.certificate);
  const socket = connect({
    host: hostname,
    port: Number(port),
    servername: hostname,
    ca,
    ALPNProtocols: ["h2", "http/1.1"],
  });
  await once(socket, "secureConnect");
  socket.destroy();
  return socket.alpnProtocol;
}
