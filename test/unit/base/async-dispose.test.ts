import assert from "node:assert/strict";
import { glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { it } from "node:test";

const sources = join(import.meta.dirname, "../../../src");
const onNode = /^(gateway|cli)\//;

// An engine cannot be made to forget the symbol: here the sources are looked at, in WebKit the contract disposes.
it("nothing that runs in a page takes Symbol.asyncDispose to be there", async () => {
  const naming: string[] = [];
  for await (const file of glob("**/*.ts", { cwd: sources })) {
    const source = await readFile(join(sources, file), "utf8");
    if (!onNode.test(file) && /(?<!declare )\[Symbol\.asyncDispose\]/.test(source)) naming.push(file);
  }
  assert.deepEqual(naming, []);
});
