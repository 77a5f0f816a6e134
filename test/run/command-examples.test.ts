import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { type TemporaryFolder, temporaryFolder } from "../fixtures/temporary-folder.ts";
import { run, runWith } from "./command/etcd-web.ts";

/** What each command refuses only when all that goes before has been understood, and what it says then. */
const refused = {
  dev: [["--assets", "/no/such/folder"], /^--assets [^\n]*\/no\/such\/folder/],
  gateway: [["--limit", "everything=1"], /--limit everything/],
  doctor: [["--cacert", "/no/such/file"], /\/no\/such\/file cannot be read/],
} as const satisfies Record<string, readonly [args: readonly string[], error: RegExp]>;

describe("every example that --help shows", () => {
  let folder: TemporaryFolder;
  before(async () => {
    folder = await temporaryFolder("command-examples");
    await writeFile(join(folder.path, "web.txt"), "secret");
  });
  after(() => folder.remove());

  for (const args of [[], ["dev"], ["gateway"], ["doctor"]]) {
    const name = ["etcd-web", ...args].join(" ");
    it(`of ${name} is a command line that is understood`, async () => {
      const examples = examplesIn((await run(...args, "--help")).output);
      assert.ok(examples.length >= 3, `${examples.length} examples`);
      for (const [command = "", ...rest] of examples) {
        const [more, error] = refused[command as keyof typeof refused];
        const named = rest.map((word) => (word === "web.txt" ? join(folder.path, word) : word));
        const { code, errors } = await runWith({ ETCD_WEB_PASSWORD: "secret" }, command, ...named, ...more);
        assert.equal(code, 1, `${[command, ...rest].join(" ")}: ${errors}`);
        assert.match(errors, error);
      }
    });
  }
});

/** The words after `etcd-web` of each line that is one to type. */
function examplesIn(help: string): readonly (readonly string[])[] {
  const [, examples = ""] = help.split("Examples:\n");
  const lines = examples.split("\n\n", 1)[0]?.split("\n") ?? [];
  return lines.map((line) => line.replace(/ #.*/, "").trim().split(/ +/).slice(1));
}
