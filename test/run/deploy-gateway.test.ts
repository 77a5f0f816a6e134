import { once } from "node:events";
import { connect } from "node:net";
import { suite, test } from "node:test";
import { expect } from "chai";
import { createEtcd } from "../../src/index.ts";
import { until } from "../contract/expectations.ts";
import { type Child, freePorts, startChild } from "../fixtures/process.ts";
import { startServerCommand } from "../fixtures/server-command.ts";
import { openScene, type Scene } from "./deploy/scene.ts";
import { type BuiltClone, buildClone } from "./examples/built-clone.ts";

suite("browsers → gateway → grpc-proxy → a cluster of three, by the files that ship", () => {
  test("fifty equal watches cost etcd one, and survive the loss of a member and of grpc-proxy", async () => {
    await using clone = await buildClone();
    await using scene = await openScene();
    const [PROXY_PORT = 0, PORT = 0] = await freePorts(2);
    const proxy = await startProxy(clone, scene, PROXY_PORT);
    const env = { PROXY_PORT: String(PROXY_PORT), PORT: String(PORT) };
    await using gateway = await startServerCommand(process.execPath, [clone.example("deploy/gateway/gateway.ts")], {
      env,
    });
    await scene.writer.put("config/equal/a", "1");
    await until("grpc-proxy has its own watches", async () => (await watchersOf(scene)) > 0);
    const own = await watchersOf(scene);

    const endpoints = `http://127.0.0.1:${new URL(gateway.url).port}`;
    await using pages = new AsyncDisposableStack();
    const watches = Array.from({ length: 50 }, () =>
      pages.use(createEtcd({ endpoints })).watch({ prefix: "config/equal/" }),
    );
    await Promise.all(watches.map(({ opened }) => opened));
    expect(await watchersOf(scene)).to.equal(own + 1);
    const readers = watches.map((watch) => watch[Symbol.asyncIterator]());
    const all = async (): Promise<Set<unknown>> =>
      new Set(await Promise.all(readers.map(async (reader) => (await reader.next()).value?.kv.keyText())));
    await scene.writer.put("config/equal/b", "2");
    expect(await all()).to.deep.equal(new Set(["config/equal/b"]));

    await using page = await scene.openPage([endpoints]);
    await scene.write(20);
    await scene.heardBy(page);
    const held = await Promise.all(scene.members.map((member) => member.watchers()));
    await scene.members[held.findIndex((count) => count > 0)]?.kill();
    await scene.write(20);
    await scene.heardBy(page);
    await scene.writer.create("config/equal/c", "3");
    expect(await all()).to.deep.equal(new Set(["config/equal/c"]));

    await proxy.stop();
    await scene.write(20);
    await using _again = await startProxy(clone, scene, PROXY_PORT);
    await scene.heardBy(page);
  });
});

async function watchersOf({ members }: Scene): Promise<number> {
  return (await Promise.all(members.map((member) => member.watchers()))).reduce((sum, count) => sum + count, 0);
}

async function startProxy(clone: BuiltClone, { authority, folder, members }: Scene, port: number): Promise<Child> {
  const own = await authority.issue("grpc-proxy", { commonName: false });
  const values = {
    PATH: `${clone.commands}:${process.env.PATH}`,
    ...{ MEMBERS: members.map((member) => `127.0.0.1:${member.port}`).join(), PROXY_PORT: String(port) },
    ...{ CA: authority.certificate, CERT: own.certificate, KEY: own.key },
  };
  const set = Object.entries(values).map(([name, value]) => `${name}=${value}`);
  return startChild({
    name: "grpc-proxy.sh",
    command: "env",
    args: ["-C", folder, ...set, clone.example("deploy/gateway/grpc-proxy.sh")],
    ready: () => accepts(port),
  });
}

async function accepts(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  await once(socket, "connect");
  socket.destroy();
  return true;
}
