import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { cachedBinary, publishBuilt } from "../fixtures/cache.ts";
import { buildGo } from "../fixtures/parts/go-build.ts";
import { isExecutable } from "../fixtures/run-command.ts";
import { etcdReleases } from "../fixtures/versions.ts";

const release = etcdReleases["3.7"];
const main = join(import.meta.dirname, "go/main.go");

/** The program that does the jobs on etcd's own Go client: built once, and anew when its source changes. */
export async function installGoClient(): Promise<string> {
  const digest = createHash("sha256")
    .update(await readFile(main))
    .digest("hex")
    .slice(0, 12);
  const name = `go-bench-${release}-${digest}`;
  const program = { module: "go.etcd.io/etcd/client/v3", release, main };
  if (!(await isExecutable(cachedBinary(name)))) await publishBuilt(name, (scratch) => buildGo(program, scratch));
  return cachedBinary(name);
}
