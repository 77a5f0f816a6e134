import { join } from "node:path";
import { cachedPackages } from "../fixtures/cached-packages.ts";

/** The TypeScripts whose users can use the package: each minor from the first that has the library ES2024. */
export const compilers: readonly string[] = ["5.7.3", "5.8.3", "5.9.3", "6.0.3", "7.0.2"];

/** The script `tsc` of one of them; all are in one folder of the cache, by names of their own. */
export async function compilerOf(release: string): Promise<string> {
  const packages = compilers.map((each) => `${aliasOf(each)}@npm:typescript@${each}`);
  return join(await cachedPackages("compilers", packages), "node_modules", aliasOf(release), "bin/tsc");
}

function aliasOf(release: string): string {
  return `typescript-${release}`;
}
