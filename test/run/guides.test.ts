import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { expect } from "chai";
import { parse } from "yaml";
import { createEtcd, passwordAuth } from "../../src/index.ts";
import { rejection, until } from "../contract/expectations.ts";
import { startCaddy } from "../fixtures/caddy.ts";
import { startEnvoy } from "../fixtures/envoy.ts";
import type { EnvoyConfig } from "../fixtures/envoy-config.ts";
import { countWatchers } from "../fixtures/etcd.ts";
import { type Block, blockAt, guidesFolder, readBlocks } from "../fixtures/guides.ts";
import { startNginx } from "../fixtures/nginx.ts";
import { runCommand } from "../fixtures/run-command.ts";
import { type Ground, startGround } from "./examples/ground.ts";
import { startProgram } from "./examples/program.ts";
import { type Machine, secrets, startMachine } from "./guides/machine.ts";

const guides = (await readdir(guidesFolder)).map((file) => file.replace(".md", ""));
const blocks = new Map<string, readonly Block[]>();
for (const guide of guides) blocks.set(guide, await readBlocks(guide));
const of = (guide: string): readonly Block[] => blocks.get(guide) ?? [];

suite("the guides, followed to the letter", () => {
  let ground: Ground;
  let folder: string;
  let command: string;
  before(async () => {
    ground = await startGround();
    folder = ground.clone.example("followed");
    command = ground.clone.example("../../dist/cli/main.js");
    await mkdir(folder);
  });
  after(() => ground?.[Symbol.asyncDispose]());

  let files = 0;
  async function save(code: string, endpoint: string, ending = ".ts"): Promise<string> {
    const file = join(folder, `${++files}${ending}`);
    await writeFile(file, code.replaceAll("https://etcd.example.com", endpoint));
    return file;
  }

  /** Runs a program to its end, and gives what it printed. */
  async function print(code: string, endpoint: string): Promise<readonly string[]> {
    await using program = startProgram(await save(code, endpoint), endpoint);
    expect(await program.ended, program.lines.join("\n")).to.equal(0);
    return program.lines;
  }

  /** A machine with etcd, as the guide of the proxy starts it. */
  async function machineWithEtcd(stack: AsyncDisposableStack): Promise<Machine> {
    const machine = stack.use(await startMachine(command));
    stack.use(await machine.serve(blockAt(of("proxy"), "etcd", "sh"), 2379));
    return machine;
  }

  for (const guide of guides) {
    for (const [at, block] of of(guide).entries()) {
      const name = `${guide}, ${block.heading}`;
      if (block.use === "run") {
        test(`${name}: prints what it says`, async () => {
          const printed = of(guide)[at + 1];
          expect(printed?.language).to.equal("text");
          expect(await print(block.code, ground.envoy.url)).to.deep.equal(printed?.code.split("\n"));
        });
      }
      if (block.use === "test") {
        test(`${name}: passes`, async () => {
          await runCommand(process.execPath, ["--test", await save(block.code, ground.envoy.url, ".test.ts")]);
        });
      }
    }
  }

  test("README: the first program does what its comments say", async () => {
    const code = blockAt(await readBlocks("../../README"), "etcd-web", "ts");
    await using program = startProgram(await save(code, ground.envoy.url), ground.envoy.url);
    await program.says(/^dark \d+n$/);
    await until("it watches", async () => (await ground.server.watchers()) === 1);
    await ground.etcd.put("config/theme", "light");
    await program.says(/^config\/theme = light$/);
    await ground.etcd.delete("config/theme");
    await program.says(/^config\/theme is gone$/);
  });

  test("proxy: etcd, Envoy and the doctor; the program says the same, and the page reaches etcd", async () => {
    await using stack = new AsyncDisposableStack();
    const machine = await machineWithEtcd(stack);
    const proxy = of("proxy");
    stack.use(await machine.serve(blockAt(proxy, "Envoy", "sh"), 8080));
    const report = await machine.run(`${blockAt(proxy, "Look at it", "sh")} --quiet 0`);
    expect(report).to.contain("no faults, no warnings");
    await print(blockAt(proxy, "Look at it", "ts"), machine.url(8080));
    await print(blockAt(proxy, "Look at it", "ts", 1), machine.url(8080));
  });

  for (const [name, language, start] of [
    ["nginx", "nginx", startNginx],
    ["Caddy", "text", startCaddy],
  ] as const) {
    test(`proxy: ${name} in front of Envoy lets events through as they come, and leaves no watch behind`, async () => {
      await using stack = new AsyncDisposableStack();
      const machine = await machineWithEtcd(stack);
      stack.use(await machine.serve(blockAt(of("proxy"), "Envoy", "sh"), 8080));
      const lines = blockAt(of("proxy"), name, language).split("\n").slice(1, -1).join("\n");
      const proxy = stack.use(await start(machine.here(lines)));
      const etcd = stack.use(createEtcd({ endpoints: proxy.url }));
      const watch = etcd.watch("a");
      await watch.opened;
      await etcd.put("a", "x".repeat(1_200_000)); // above nginx's own limit
      for await (const { type } of watch) {
        expect(type).to.equal("put");
        break;
      }
      // Before etcd's next word: a proxy that only then finds its caller gone does not count.
      await until("the watch is gone", async () => (await countWatchers(machine.url(2379))) === 0, 5_000);
    });
  }

  test("proxy: the gateway lets pages read the one prefix, and nothing else", async () => {
    await using stack = new AsyncDisposableStack();
    const machine = await machineWithEtcd(stack);
    stack.use(await machine.serve(blockAt(of("proxy"), "The gateway", "sh"), 5379));
    await machine.run("etcdctl put config/theme dark; etcdctl put secrets/key 42");
    await expectReader(machine.url(5379));
  });

  test("secure: nobody has a password, one prefix can be read, and etcd itself refuses the rest", async () => {
    await using stack = new AsyncDisposableStack();
    const machine = await machineWithEtcd(stack);
    const heading = "The shortest safe set-up";
    await machine.run("etcdctl put config/theme dark; etcdctl put secrets/key 42");
    await machine.run(blockAt(of("secure"), heading, "sh"));
    stack.use(await machine.serve(blockAt(of("secure"), heading, "sh", 1), 5379));
    await expectReader(machine.url(5379));
    const refused = machine.run('etcdctl --user web --password "$ETCD_WEB_PASSWORD" get secrets/key').catch(String);
    expect(await refused).to.contain("permission denied");
  });

  test("secure: the gateway of the program stays, and lets pages read what it names", async () => {
    await using stack = new AsyncDisposableStack();
    const machine = await machineWithEtcd(stack);
    await machine.run("etcdctl put config/theme dark; etcdctl put secrets/key 42");
    await machine.run(blockAt(of("secure"), "The shortest safe set-up", "sh"));
    const code = blockAt(of("secure"), "The policy of the gateway", "ts")
      .replaceAll(/10\.0\.0\.\d:2379/g, machine.here("127.0.0.1:2379"))
      .replace("createGateway({", "createGateway({ port: 0,");
    const program = stack.use(startProgram(await save(code, ""), secrets));
    const [url] = await program.says(/^http:\/\/127\.0\.0\.1:\d+$/);
    await expectReader(url);
    expect(program.lines).to.deep.equal([url]);
  });

  test("secure: Envoy alone lets reads and watches through, and no other method", async () => {
    const [narrow] = parse(blockAt(of("secure"), "Envoy alone", "yaml"));
    const overrides = ({ route }: EnvoyConfig): void => void Object.assign(route, narrow);
    await using envoy = await startEnvoy({ etcd: [ground.server.address], overrides });
    await using etcd = createEtcd({ endpoints: envoy.url });
    await ground.etcd.put("narrow", "1");
    expect((await etcd.get("narrow"))?.text()).to.equal("1");
    await etcd.watch("narrow").opened;
    const response = await fetch(`${envoy.url}/etcdserverpb.KV/Put`, { method: "POST" });
    expect(response.status).to.equal(404);
  });

  test("read-only: the user of the page reads the prefix; the page says so", async () => {
    await using stack = new AsyncDisposableStack();
    const machine = await machineWithEtcd(stack);
    stack.use(await machine.serve(blockAt(of("proxy"), "Envoy", "sh"), 8080));
    await machine.run("etcdctl put config/theme dark; etcdctl put secrets/key 42");
    await machine.run(blockAt(of("read-only"), "A role and a user", "sh"));
    await machine.run(blockAt(of("read-only"), "A role and a user", "sh", 1));
    const printed = await print(blockAt(of("read-only"), "The page", "ts"), machine.url(8080));
    expect(printed).to.deep.equal(["dark", "etcd has refused it"]);
    await expectReader(machine.url(8080), { name: "page", password: "everybody may read this" });
  });

  test("read-only: the program makes the same user and role", async () => {
    await using stack = new AsyncDisposableStack();
    const machine = await machineWithEtcd(stack);
    stack.use(await machine.serve(blockAt(of("proxy"), "Envoy", "sh"), 8080));
    await machine.run("etcdctl put config/theme dark; etcdctl put secrets/key 42");
    await print(blockAt(of("read-only"), "A role and a user", "ts"), machine.url(8080));
    await machine.run(blockAt(of("read-only"), "A role and a user", "sh", 1));
    await expectReader(machine.url(8080), { name: "page", password: "everybody may read this" });
  });

  test("coming-from: on a server, etcd's own gRPC is a transport away", async () => {
    await using stack = new AsyncDisposableStack();
    const machine = await machineWithEtcd(stack);
    const program = `${blockAt(of("coming-from"), "microsoft/etcd3", "ts")}\nconsole.log((await etcd.put("a", "1")).revision);`;
    expect(await print(machine.here(program), "")).to.deep.equal(["2n"]);
  });
});

/** A caller who may read and watch what begins with `config/`, and nothing else. */
async function expectReader(endpoints: string, user?: { name: string; password: string }): Promise<void> {
  await using etcd = createEtcd({ endpoints, ...(user && { auth: passwordAuth(user) }) });
  expect((await etcd.get("config/theme"))?.text()).to.equal("dark");
  await etcd.watch({ prefix: "config/" }).opened;
  await rejection(etcd.get("secrets/key"), "permission-denied");
  await rejection(etcd.watch({ prefix: "secrets/" }).opened, "permission-denied");
  await rejection(etcd.put("config/theme", "light"), "permission-denied");
}
