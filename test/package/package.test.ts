import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import manifest from "../../package.json" with { type: "json" };
import { createEtcd } from "../../src/index.ts";
import { makeProject, type PackedProject, packAndInstall } from "../fixtures/packed-project.ts";
import { runCommand } from "../fixtures/run-command.ts";
import { startServerCommand, withThisNode } from "../fixtures/server-command.ts";
import { compilerOf, compilers } from "./compilers.ts";
import { consumer, strictly } from "./consumer.ts";
import { reachable } from "./reachable.ts";
import { measureScenario } from "./size/bundled-size.ts";
import { scenarios } from "./size/scenarios.ts";

const repository = join(import.meta.dirname, "../..");

/** All that who installs etcd-web installs with it. */
const dependencies = ["@bufbuild/protobuf", "@connectrpc/connect", "@connectrpc/connect-web"];

/** The entries for pages and Workers. */
const webEntries = [
  "etcd-web",
  "etcd-web/live",
  "etcd-web/proto",
  "etcd-web/memory",
  "etcd-web/recipes",
  "etcd-web/admin",
  "etcd-web/edge-config",
  "etcd-web/unstorage",
  "etcd-web/doctor",
];

/** What an entry needs that its user has: a framework. */
const peers: Readonly<Record<string, readonly string[]>> = {
  "./react": ["react"],
  "./openfeature": ["@openfeature/web-sdk"],
};

describe("the sources", { timeout: 900_000 }, () => {
  it("pass npm run check: format, lint, layers, types, stubs, the contract of the API, examples, publint, attw", {
    timeout: 900_000,
  }, async () => {
    await runCommand("npm", ["run", "check"], { cwd: repository });
  });
});

describe("the package, packed and installed", { timeout: 600_000 }, () => {
  let project: PackedProject;
  let installed: string;
  /** A project that has the frameworks too. */
  let withPeers: string;

  before(async () => {
    project = await packAndInstall();
    installed = join(project.folder, "node_modules/etcd-web");
    withPeers = join(project.folder, "../with-peers");
    const frameworks = Object.values(peers).flat();
    const ranges: Record<string, string> = { ...manifest.devDependencies, ...manifest.peerDependencies };
    const wanted = [...frameworks, "@types/react"].map((name) => `${name}@${ranges[name]}`);
    await makeProject(withPeers, [project.tarball, ...wanted]);
  });
  after(() => project?.[Symbol.asyncDispose]());

  it("depends on three packages, and on no other that is not optional", async () => {
    assert.deepEqual(Object.keys(manifest.dependencies).sort(), dependencies);
    const packages = await runCommand("npm", ["ls", "--all", "--parseable"], { cwd: project.folder });
    const names = packages
      .trim()
      .split("\n")
      .slice(1)
      .map((path) => path.split("/node_modules/").at(-1) ?? "");
    assert.deepEqual([...new Set(names)].sort(), [...dependencies, "etcd-web"].sort());
  });

  it("loads at every entry, with its peers where it has any", async () => {
    const entries = Object.keys(manifest.exports).filter((entry) => !entry.endsWith(".json"));
    const load = async (names: readonly string[], cwd: string): Promise<void> => {
      const list = names.map((entry) => JSON.stringify(`etcd-web${entry.slice(1)}`));
      const script = `for (const name of [${list}]) if (Object.keys(await import(name)).length === 0) throw name;`;
      await runCommand(process.execPath, ["--input-type=module", "--eval", script], { cwd });
    };
    await load(
      entries.filter((entry) => peers[entry] === undefined),
      project.folder,
    );
    await load(Object.keys(peers), withPeers);
  });

  it("imports nothing but its dependencies, and for the gateway and the command what Node has", async () => {
    for (const entry of [
      "index.js",
      "live/index.js",
      "proto.js",
      "memory/index.js",
      "recipes/index.js",
      "admin/index.js",
      "edge-config/index.js",
      "unstorage/index.js",
      "doctor/index.js",
    ]) {
      const { packages } = await reachable(join(installed, "dist", entry));
      for (const name of packages) assert.ok(dependencies.includes(name), `${entry} imports ${name}`);
    }
    for (const [entry, own] of Object.entries(peers)) {
      const { packages } = await reachable(join(installed, "dist", entry, "index.js"));
      for (const name of packages) assert.ok([...dependencies, ...own].includes(name), `${entry} imports ${name}`);
    }
    for (const entry of ["gateway/index.js", "cli/main.js"]) {
      const { packages } = await reachable(join(installed, "dist", entry));
      for (const name of packages)
        assert.ok(name === "node:" || dependencies.includes(name), `${entry} imports ${name}`);
    }
  });

  it("has a bundle of one file, with all that the package itself exports", async () => {
    const bundle = join(installed, "dist/bundle.js");
    const { files, packages } = await reachable(bundle);
    assert.deepEqual([...files, ...packages], [bundle]);
    const script = `const [whole, parts] = [await import("etcd-web/bundle"), await import("etcd-web")];
      console.log(JSON.stringify([Object.keys(whole).sort(), Object.keys(parts).sort()]));`;
    const said = await runCommand(process.execPath, ["--input-type=module", "--eval", script], { cwd: project.folder });
    const [whole, parts] = JSON.parse(said);
    assert.deepEqual(whole, parts);
    const size = gzipSync(await readFile(bundle), { level: 9 }).length;
    console.log(`${size} bytes gzipped`);
    assert.ok(size <= 80 * 1024, `${size} bytes`);
  });

  it("declares its types by its own and its dependencies' alone", async () => {
    for (const [entry, target] of Object.entries(manifest.exports)) {
      if (typeof target === "string") continue;
      const allowed = [...dependencies, ...(peers[entry] ?? [])];
      const { packages } = await reachable(join(installed, target.types));
      for (const name of packages) assert.ok(allowed.includes(name), `${target.types} imports ${name}`);
    }
  });

  it("bundles for a page without a trace of Node, or of the gateway", async () => {
    for (const entry of webEntries) {
      const input = join(project.folder, "page.js");
      await writeFile(input, `export * from ${JSON.stringify(entry)};`);
      await using bundle = await rolldown({ input, platform: "browser", logLevel: "silent" });
      const { output } = await bundle.generate({ codeSplitting: false });
      const [{ imports, moduleIds }] = output;
      assert.deepEqual(imports, [], entry);
      assert.deepEqual(
        moduleIds.filter((id) => /etcd-web\/dist\/(gateway|cli)\//.test(id)),
        [],
        entry,
      );
    }
  });

  it("ships the Auth messages, plugins, and anything of admin, recipes, live or memory, only to who asks for them", async () => {
    const modulesFor = async (source: string): Promise<string[]> => {
      const input = join(project.folder, "page.js");
      await writeFile(input, source);
      await using bundle = await rolldown({ input, platform: "browser", logLevel: "silent" });
      const { output } = await bundle.generate({ codeSplitting: false });
      const rendered = Object.entries(output[0].modules).filter(([, { renderedLength }]) => renderedLength > 0);
      return rendered.map(([id]) => id.replace(/^.*etcd-web\/dist\//, ""));
    };
    const plain = await modulesFor(`import { createEtcd } from "etcd-web"; createEtcd({ endpoints: "/" });`);
    assert.ok(plain.includes("client/create-etcd.js"));
    assert.deepEqual(
      plain.filter((id) =>
        /auth_pb|cluster_pb|maintenance_pb|memory\/|admin\/|recipes\/|live\/|batching|monotonic/.test(id),
      ),
      [],
    );
    const withPassword = await modulesFor(`import { passwordAuth } from "etcd-web"; passwordAuth({});`);
    assert.ok(withPassword.some((id) => id.endsWith("etcdserverpb/auth_pb.js")));
  });

  for (const scenario of scenarios) {
    const { name, budget } = scenario;
    it(`costs an app, over the stubs that it needs anyhow, at most ${budget} KiB for: ${name}`, async () => {
      const { whole, stubs } = await measureScenario(project.folder, scenario);
      console.log(`${whole - stubs} bytes over ${stubs}, minified and gzipped`);
      assert.ok(whole - stubs <= budget * 1024, `${whole - stubs} bytes`);
    });
  }

  for (const release of compilers) {
    for (const moduleResolution of ["NodeNext", "Bundler"] as const) {
      it(`type-checks with TypeScript ${release}, strictly, libraries too, under ${moduleResolution}`, async () => {
        const config = `tsconfig.${moduleResolution}.json`;
        await writeFile(join(withPeers, "consumer.ts"), consumer);
        await writeFile(join(withPeers, config), JSON.stringify(strictly(moduleResolution)));
        await runCommand(process.execPath, [await compilerOf(release), "-p", config], { cwd: withPeers });
      });
    }
  }

  it("has a command that says its version, serves the playground, and looks at what it serves", async () => {
    const bin = join(project.folder, "node_modules/.bin/etcd-web");
    assert.equal(await runCommand(bin, ["--version"], { env: withThisNode() }), `${manifest.version}\n`);
    await using command = await startServerCommand(bin, ["dev", "--port", "0"], { env: withThisNode() });
    await using client = createEtcd({ endpoints: command.url });
    await client.put("a", "1");
    assert.equal((await client.get("a"))?.text(), "1");
    assert.match(await (await fetch(command.url)).text(), /<script type="module"/);
    const report = await runCommand(bin, ["doctor", command.url, "--quiet", "0"], { env: withThisNode() });
    assert.match(report, /no faults, no warnings/);
  });

  it("knows the errors of the packages it carries: one Connect for all", async () => {
    const bin = join(project.folder, "node_modules/.bin/etcd-web");
    const env = withThisNode();
    await using command = await startServerCommand(bin, ["gateway", "--port", "0", "--etcd", "127.0.0.1:1", "--open"], {
      env,
    });
    await using client = createEtcd({ endpoints: command.url });
    await assert.rejects(client.get("a"), { code: "unavailable", message: /does not reach etcd at 127\.0\.0\.1:1/ });
  });

  it("is well-formed to publint and to Are The Types Wrong", async () => {
    const tool = (name: string): string => join(repository, "node_modules/.bin", name);
    await runCommand(tool("publint"), [installed, "--strict", "--pack", "false"]);
    await runCommand(tool("attw"), [project.tarball, "--profile", "esm-only"]);
  });
});
