import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { expect } from "chai";
import manifest from "../../package.json" with { type: "json" };
import { cacheFolder } from "../fixtures/cache.ts";
import { partBinary } from "../fixtures/install.ts";
import { runCommand } from "../fixtures/run-command.ts";
import { type TemporaryFolder, temporaryFolder } from "../fixtures/temporary-folder.ts";
import { runtimeReleases } from "../fixtures/versions.ts";
import { jsrEntries, writeJsrFolder } from "./release/jsr.ts";

suite("what JSR publishes", { timeout: 600_000 }, () => {
  let folder: TemporaryFolder;
  before(async () => {
    folder = await temporaryFolder("jsr");
    await writeJsrFolder(folder.path);
  });
  after(() => folder?.remove());

  const deno = async (...args: string[]): Promise<string> => {
    const env = { DENO_DIR: join(cacheFolder, "deno-modules"), DENO_NO_UPDATE_CHECK: "1", NO_COLOR: "1" };
    return runCommand(await partBinary(`deno-${runtimeReleases.deno}`), args, { cwd: folder.path, env });
  };

  test("its entries are npm's, but for the bundle and the manifest", () => {
    const missing = Object.keys(manifest.exports).filter((entry) => jsrEntries()[entry] === undefined);
    expect(missing).to.deep.equal(["./bundle", "./package.json"]);
  });

  test("Deno would publish it: it type-checks there, and no type has to be inferred", async () => {
    await deno("publish", "--dry-run");
  });

  test("every export is documented, and names no type that cannot be imported", async () => {
    await deno("doc", "--lint", ...Object.values(jsrEntries()));
  });
});
