import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { createEtcd } from "../../src/index.ts";
import { startTlsScene, type TlsScene } from "../fixtures/tls-etcd.ts";
import { run, serve } from "./command/etcd-web.ts";

describe("etcd-web before an etcd that asks for certificates", () => {
  let scene: TlsScene;
  before(async () => {
    scene = await startTlsScene();
  });
  after(() => scene?.[Symbol.asyncDispose]());
  const files = (): string[] => {
    const { authority, own } = scene;
    return ["--cacert", authority.certificate, "--cert", own.certificate, "--key", own.key];
  };

  for (const command of [["gateway", "--open"], ["dev"]]) {
    it(`${command.join(" ")} takes the files that etcdctl takes`, async () => {
      const { etcd, serverName } = scene;
      const args = ["--port", "0", "--etcd", etcd.address, ...files(), "--server-name", serverName];
      await using served = await serve(...command, ...args);
      await using client = createEtcd({ endpoints: served.url });
      await client.put("a", "1");
      assert.equal((await client.get("a"))?.text(), "1");
    });
  }

  it("says in one line which file of which option cannot be read, or is none", async () => {
    const { etcd, own, folder } = scene;
    const missing = join(folder, "missing.pem");
    const garbage = join(folder, "garbage.pem");
    await writeFile(garbage, "no PEM");
    for (const [args, said] of [
      [["--cacert", missing], `--cacert cannot be read: ${missing} (ENOENT).\n`],
      [["--cacert", folder], `--cacert cannot be read: ${folder} (EISDIR).\n`],
      [["--cert", missing, "--key", own.key], `--cert cannot be read: ${missing} (ENOENT).\n`],
      [["--cert", own.certificate, "--key", missing], `--key cannot be read: ${missing} (ENOENT).\n`],
    ] as const) {
      const { code, errors } = await run("gateway", "--port", "0", "--etcd", etcd.address, "--open", ...args);
      assert.deepEqual([code, errors], [1, said]);
    }
    for (const args of [
      ["--cert", garbage, "--key", own.key],
      ["--cert", own.certificate, "--key", garbage],
    ]) {
      const { code, errors } = await run("gateway", "--port", "0", "--etcd", etcd.address, "--open", ...args);
      assert.equal(code, 1);
      assert.match(errors, /^--cacert, --cert and --key do not fit, or are no PEM: [^\n]+\.\n$/);
    }
  });

  it("takes none for an etcd without TLS", async () => {
    const args = ["gateway", "--port", "0", "--etcd", "http://127.0.0.1:1", "--open", ...files()];
    const { code, errors } = await run(...args);
    assert.equal(code, 1);
    assert.match(errors, /^--cacert[^\n]* http:\/\/127\.0\.0\.1:1 is not https:\/\/\.\n$/);
  });
});
