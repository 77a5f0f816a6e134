import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { rolldown } from "rolldown";
import type { ScenarioSize } from "./figures.ts";
import { type Scenario, stubsOf } from "./scenarios.ts";

/** A scenario, and the same calls by the stubs alone, in a project that has installed the package. */
export async function measureScenario(folder: string, scenario: Scenario): Promise<ScenarioSize> {
  const whole = await bundledSize(folder, scenario.code);
  return { scenario, whole, stubs: await bundledSize(folder, stubsOf(scenario)) };
}

/** Bytes of an app in one file, minified and gzipped, with what the project in this folder has installed. */
export async function bundledSize(folder: string, code: string): Promise<number> {
  const input = join(folder, "app.js");
  await writeFile(input, code);
  await using bundle = await rolldown({
    input,
    platform: "browser",
    external: /^react/, // an app that wants our hooks has it
    onLog(_level, log) {
      if (log.code === "UNRESOLVED_IMPORT") throw new Error(log.message); // what is not there costs nothing
    },
  });
  const { output } = await bundle.generate({ codeSplitting: false, minify: true });
  return gzipSync(output[0].code, { level: 9 }).length;
}
