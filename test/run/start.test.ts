import assert from "node:assert/strict";
import { join } from "node:path";
import { it } from "node:test";
import { createEtcd } from "../../src/index.ts";
import { startEtcd } from "../fixtures/etcd.ts";
import { accepts, withFreePort } from "../fixtures/process.ts";
import { type ServerCommand, startServerCommand } from "../fixtures/server-command.ts";
import { etcdReleases } from "../fixtures/versions.ts";

const repository = join(import.meta.dirname, "../..");

it("npm start serves the playground and its etcd at $PORT, says so last, and leaves nothing behind", async () => {
  let port = 0;
  await using start = await withFreePort((free) => {
    port = free;
    return npmStart({ PORT: String(port) });
  });
  assert.equal(start.url, `http://127.0.0.1:${port}/`);
  assert.equal(start.lines.at(-1), start.url);

  const page = await fetch(start.url);
  assert.equal(page.status, 200);
  const html = await page.text();
  const script = /<script[^>]* src="([^"]+)"/.exec(html)?.[1] ?? "";
  const loaded = await fetch(new URL(script, start.url));
  assert.match(loaded.headers.get("content-type") ?? "", /javascript/);

  const client = createEtcd({ endpoints: start.url });
  const { revision } = await client.put("a", "1");
  const watch = client.watch("a", { startRevision: revision });
  for await (const { kv } of watch) {
    assert.equal(kv.modRevision, revision);
    break;
  }
  await client.close();

  await start.signal("SIGTERM");
  assert.equal(await accepts(port), false);
});

it("npm start -- --etcd puts a real etcd behind it", async () => {
  await using etcd = await startEtcd("3.7");
  await using start = await npmStart({ PORT: "0" }, "--", "--etcd", etcd.address);
  const said = `${etcdReleases["3.7"]} at ${etcd.address}`;
  assert.ok(
    start.lines.some((line) => line.includes(said)),
    start.lines.join("\n"),
  );
  await using client = createEtcd({ endpoints: start.url });
  await client.put("a", "1");
});

function npmStart(env: Record<string, string>, ...args: string[]): Promise<ServerCommand> {
  return startServerCommand("npm", ["start", ...args], { cwd: repository, env });
}
