import { after, before, suite, test } from "node:test";
import { expect } from "chai";
import { createAuth } from "../../src/admin/index.ts";
import { createEtcd, type Etcd } from "../../src/index.ts";
import { reasonOf, until } from "../contract/expectations.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { type EtcdServer, startEtcd } from "../fixtures/etcd.ts";
import { freePorts } from "../fixtures/process.ts";
import { startServerCommand } from "../fixtures/server-command.ts";
import type { BuiltClone } from "./examples/built-clone.ts";
import { type Ground, startGround } from "./examples/ground.ts";
import { type Program, startProgram } from "./examples/program.ts";

suite("the examples of the field", () => {
  let clone: BuiltClone;
  let server: EtcdServer;
  let envoy: EnvoyProxy;
  let etcd: Etcd;
  let ground: Ground;
  before(async () => {
    ground = await startGround();
    ({ clone, server, envoy, etcd } = ground);
  });
  after(() => ground?.[Symbol.asyncDispose]());
  const start = (example: string, ...args: string[]): Program =>
    startProgram(clone.example(`${example}/main.ts`), envoy.url, ...args);

  test("configuration: defaults at once, then every change; a value that cannot be read does no harm", async () => {
    await using app = start("configuration");
    await app.says(/^now {"pageSize":20,"theme":"light"}$/);
    expect(app.lines[0]).to.equal('perhaps {"pageSize":20,"theme":"light"}');
    await etcd.put("config/theme", '"dark"');
    await app.says(/^now {"pageSize":20,"theme":"dark"}$/);
    await etcd.put("config/pageSize", "50");
    await app.says(/^now {"pageSize":50,"theme":"dark"}$/);
    await etcd.put("config/pageSize", "many");
    await app.says(/^pageSize is not JSON: its last good value stays$/);
    expect(app.lines.at(-2)).to.equal('now {"pageSize":50,"theme":"dark"}');
    await etcd.delete("config/theme");
    await app.says(/^now {"pageSize":50,"theme":"light"}$/);
    expect(await app.end("SIGINT")).to.equal(0);
    await until("nothing of it is left", async () => (await server.watchers()) === 0);
  });

  test("service-discovery: who leaves is gone at once, who dies is gone when its lease has run out", async () => {
    await using first = start("service-discovery", "10.0.0.1:80");
    await first.says(/^1 instances: 10\.0\.0\.1:80$/);
    await using second = start("service-discovery", "10.0.0.2:80");
    await using third = start("service-discovery", "10.0.0.3:80");
    for (const each of [first, second, third])
      await each.says(/^3 instances: 10\.0\.0\.1:80 10\.0\.0\.2:80 10\.0\.0\.3:80$/);
    const keys = async (): Promise<string[]> =>
      (await etcd.range({ prefix: "services/" })).kvs.map((kv) => kv.keyText());
    expect(await second.end("SIGINT")).to.equal(0);
    expect(await keys()).to.deep.equal(["services/billing/10.0.0.1:80", "services/billing/10.0.0.3:80"]);
    await first.says(/^2 instances: 10\.0\.0\.1:80 10\.0\.0\.3:80$/);
    await third.end("SIGKILL");
    expect(await keys()).to.deep.equal(["services/billing/10.0.0.1:80", "services/billing/10.0.0.3:80"]);
    await until("it is alone", () => first.lines.at(-1) === "1 instances: 10.0.0.1:80");
    expect(await keys()).to.deep.equal(["services/billing/10.0.0.1:80"]);
    expect(await first.end("SIGINT")).to.equal(0);
    expect(await keys()).to.deep.equal([]);
  });

  test("distributed-lock: of three programs at the same time no addition is lost", async () => {
    const programs = Array.from({ length: 3 }, () => start("distributed-lock"));
    expect(await Promise.all(programs.map(({ ended }) => ended))).to.deep.equal([0, 0, 0]);
    const said = programs.flatMap(({ lines }) => lines).map((line) => line.match(/\d+/g)?.map(Number) ?? []);
    const inTurn = said.toSorted(([a = 0], [b = 0]) => a - b);
    expect(inTurn.map(([count]) => count)).to.deep.equal(Array.from({ length: 15 }, (_, index) => index + 1));
    const numbers = inTurn.map(([, number = 0]) => number);
    expect(numbers).to.deep.equal(numbers.toSorted((a, b) => a - b));
    expect((await etcd.get("counter"))?.text()).to.equal("15");
    expect(await etcd.count({ prefix: "locks/" })).to.equal(0);
  });

  test("leader-election: when the leader is killed, the other leads after the lease's time", async () => {
    await using anna = start("leader-election", "anna");
    const [, before] = await anna.says(/^anna leads, in office number (\d+)$/);
    await using bert = start("leader-election", "bert");
    await bert.says(/^leader: anna$/);
    const reporter = async (): Promise<string | undefined> =>
      (await etcd.get("reports/latest"))?.text().split(" by ")[1];
    const candidates = { prefix: "elections/reports/" };
    const leader = async (): Promise<string | undefined> =>
      (await etcd.range(candidates, { limit: 1, sort: { by: "createRevision" } })).kvs[0]?.text();
    await until("both stand", async () => (await etcd.count(candidates)) === 2);
    expect(await reporter()).to.equal("anna");

    await anna.end("SIGKILL");
    expect(await leader()).to.equal("anna"); // for as long as its lease lasts
    const [, number] = await bert.says(/^bert leads, in office number (\d+)$/);
    expect(Number(number)).to.be.greaterThan(Number(before));
    expect(bert.lines.filter((line) => line.startsWith("leader: "))).to.include.members(["leader: anna"]);
    await until("bert reports", async () => (await reporter()) === "bert");
    expect(await leader()).to.equal("bert");

    expect(await bert.end("SIGINT")).to.equal(0);
    expect(await etcd.count(candidates)).to.equal(0);
  });

  test("users-and-roles: a reader is refused outside its prefix", async () => {
    await using own = await startEtcd("3.7");
    await using proxy = await startEnvoy({ etcd: [own.address] });
    const program = startProgram(clone.example("users-and-roles/main.ts"), proxy.url);
    expect(await program.ended, program.lines.join("\n")).to.equal(0);
    expect(program.lines).to.deep.equal([
      "page reads config/theme: yes",
      "page reads all of config/: yes",
      "page reads secrets/key: no, permission-denied",
      "page reads everything: no, permission-denied",
      "page watches secrets/: no, permission-denied",
      "page writes config/theme: no, permission-denied",
      "somebody without a name reads config/theme: no, unauthenticated",
      "root reads secrets/key: yes",
    ]);
    await using client = createEtcd({ endpoints: proxy.url });
    const auth = createAuth(client);
    expect((await auth.status()).enabled).to.equal(false);
    expect([await auth.users.list(), await auth.roles.list()]).to.deep.equal([[], []]);
    expect((await client.get("config/theme"))?.text()).to.equal('"dark"');
  });

  test("cluster: it loses its leader, and neither a write nor an event", async () => {
    const ports = (await freePorts(7)).map(String);
    const [members, peers, [front = ""]] = [ports.slice(0, 3), ports.slice(3, 6), ports.slice(6)];
    const args = ["--etcd", members.join(), "--peers", peers.join(), "--envoy", front];
    const start = [clone.example("cluster/start.ts"), ...args];
    await using cluster = await startServerCommand(process.execPath, start, { env: { PATH: clone.commands } });
    await using program = startProgram(clone.example("cluster/main.ts"), cluster.url);
    const [, leader] = await program.says(/^(m\d) leads: end it$/);
    await using client = createEtcd({ endpoints: cluster.url });
    await until("writing goes on", async () => (await client.count({ prefix: "numbers/" })) > 5);
    const line = cluster.lines.find((each) => each.startsWith(`${leader} at `));
    process.kill(Number(/is process (\d+)$/.exec(line ?? "")?.[1]), "SIGKILL");

    expect(await program.ended, program.lines.join("\n")).to.equal(0);
    const [, next] = await program.says(/^(m\d) leads now$/);
    expect(next).to.not.equal(leader);
    const [, written] = await program.says(/^(\d+) numbers written, \1 seen: each once, in order$/);
    expect(await client.count({ prefix: "numbers/" })).to.equal(Number(written) + 1);
    expect(await cluster.signal("SIGINT")).to.equal(0);
  });

  test("cluster: where somebody has a member's port it starts nothing, since Envoy would send calls there", async () => {
    const [second = 0, third = 0, ...others] = await freePorts(6);
    const taken = server.address.split(":")[1];
    const [peers, front] = [others.slice(0, 3), others[3]];
    const start = ["--etcd", [taken, second, third].join(), "--peers", peers.join(), "--envoy", String(front)];
    const env = { PATH: clone.commands };
    const starting = startServerCommand(process.execPath, [clone.example("cluster/start.ts"), ...start], { env });
    const error = await reasonOf(starting.then((cluster) => cluster[Symbol.asyncDispose]()));
    expect(String(error)).to.contain(`address already in use 127.0.0.1:${taken}`);
  });
});
