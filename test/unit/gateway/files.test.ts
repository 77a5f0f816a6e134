import assert from "node:assert/strict";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, it } from "node:test";
import { temporaryFolder } from "../../fixtures/temporary-folder.ts";
import { send, startGateway } from "./fixture.ts";

describe("files beside the calls", () => {
  it("are served, but nothing outside their folder", async () => {
    const folder = await temporaryFolder("assets");
    await mkdir(join(folder.path, "public"));
    await writeFile(join(folder.path, "public/index.html"), "<!doctype html><title>page</title>");
    await writeFile(join(folder.path, "secret.txt"), "secret");
    await writeFile(join(folder.path, "public/.hidden"), "secret");
    await using started = await startGateway({ assets: join(folder.path, "public") });
    const page = await send(started.gateway, { method: "GET", path: "/" });
    assert.equal(page.status, 200);
    assert.match(page.text, /<title>page<\/title>/);
    assert.match(page.headers["content-type"] ?? "", /^text\/html/);
    assert.match(String(page.headers["content-security-policy"]), /frame-ancestors 'none'/);
    for (const path of ["/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/.hidden", "/%ff", "/nothing"]) {
      assert.equal((await send(started.gateway, { method: "GET", path })).status, 404, path);
    }
    assert.equal((await send(started.gateway)).status, 200);
    assert.equal((await send(started.gateway, { path: "/" })).status, 405);
    await folder.remove();
  });
});
