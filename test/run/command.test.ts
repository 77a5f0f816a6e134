import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, it } from "node:test";
import manifest from "../../package.json" with { type: "json" };
import { createEtcd } from "../../src/index.ts";
import { startEtcd } from "../fixtures/etcd.ts";
import { startServerCommand } from "../fixtures/server-command.ts";
import { etcdReleases } from "../fixtures/versions.ts";

const main = join(import.meta.dirname, "../../src/cli/main.ts");

describe("etcd-web serve", () => {
  it("serves an etcd in memory, and prints its URL last", async () => {
    await using command = await serve("--port", "0");
    await using client = createEtcd({ endpoints: command.url });
    await client.put("a", "1");
    assert.equal((await client.get("a"))?.text(), "1");
    assert.equal(command.lines.at(-1), command.url);
    assert.ok(command.lines.some((line) => /in memory/.test(line)));
  });

  it("serves a real etcd, and says which", async () => {
    await using etcd = await startEtcd("3.7");
    await using command = await serve("--port", "0", "--etcd", etcd.address);
    await using client = createEtcd({ endpoints: command.url });
    await client.put("a", "1");
    const said = `${etcdReleases["3.7"]} at ${etcd.address}`;
    assert.ok(
      command.lines.some((line) => line.includes(said)),
      command.lines.join("\n"),
    );
  });

  it("says where it does not reach etcd", async () => {
    await using command = await serve("--port", "0", "--etcd", "127.0.0.1:1");
    assert.ok(
      command.lines.some((line) => /no answer yet: .*127\.0\.0\.1:1 .*ECONNREFUSED/.test(line)),
      command.lines.join("\n"),
    );
  });

  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    it(`ends within a second by ${signal}, with a watch open, and exits with 0`, async () => {
      await using command = await serve("--port", "0");
      await using client = createEtcd({ endpoints: command.url });
      await using watch = client.watch("a");
      await watch.opened;
      const told = Date.now();
      assert.equal(await command.signal(signal), 0);
      assert.ok(Date.now() - told < 1_000);
    });
  }

  it("says that a port is taken, and which option changes it", async () => {
    await using command = await serve("--port", "0");
    const { port } = new URL(command.url);
    const { code, errors } = await run("serve", "--port", port);
    assert.equal(code, 1);
    assert.match(errors, new RegExp(`port ${port} of 127\\.0\\.0\\.1 is taken.*--port\\.$`, "m"));
  });
});

describe("etcd-web", () => {
  it("prints its version and its usage", async () => {
    assert.equal((await run("--version")).output, `${manifest.version}\n`);
    assert.match((await run("--help")).output, /^Usage: etcd-web [\s\S]*--etcd/);
  });

  for (const args of [["--nothing"], ["serve", "--port"], ["serve", "--port", "x"], ["sing"], ["serve", "more"]]) {
    it(`explains what it does not understand: ${args.join(" ")}`, async () => {
      const { code, output, errors } = await run(...args);
      assert.equal(code, 1);
      assert.equal(output, "");
      assert.match(errors, /^[^\n]*(nothing|--port|sing|more)[^\n]*\.\n\nUsage: etcd-web /);
    });
  }

  it("explains an option that cannot be, without a stack", async () => {
    for (const args of [
      ["--origin", "*"],
      ["--assets", "/no/such/folder"],
      ["--allow-host", "a b"],
    ]) {
      const { code, errors } = await run("serve", "--port", "0", ...args);
      assert.equal(code, 1);
      assert.match(errors, /^[^\n]+\.\n$/);
    }
  });
});

function serve(...args: string[]): ReturnType<typeof startServerCommand> {
  return startServerCommand(process.execPath, [main, "serve", ...args]);
}

async function run(...args: string[]): Promise<{ code: number; output: string; errors: string }> {
  const child = spawn(process.execPath, [main, ...args]);
  const [[code], output, errors] = await Promise.all([once(child, "exit"), text(child.stdout), text(child.stderr)]);
  return { code: Number(code), output, errors };
}
