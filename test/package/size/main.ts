import process from "node:process";
import { parseArgs } from "node:util";
import { cachedPackages } from "../../fixtures/cached-packages.ts";
import { writeSection } from "../../fixtures/marked-section.ts";
import { packAndInstall } from "../../fixtures/packed-project.ts";
import { bundledSize, measureScenario } from "./bundled-size.ts";
import { figures, formatSizes, formatSummary, type ScenarioSize, type SdkSize, summary } from "./figures.ts";
import { scenarios } from "./scenarios.ts";
import { sdks } from "./sdks.ts";

process.exitCode = await main();

/** Measures the package as it is published, then the others; `--write` puts the tables into the documents. */
async function main(): Promise<number> {
  const { values } = parseArgs({ options: { write: { type: "boolean", default: false } } });
  const ours = await measureScenarios();
  const others = await measureSdks();
  const tables = formatSizes(ours, others);
  console.log(tables);
  if (values.write) {
    await writeSection(figures, tables);
    await writeSection(summary, formatSummary(ours));
  }
  const tooLarge = ours.filter(({ scenario, whole, stubs }) => whole - stubs > scenario.budget * 1024);
  for (const { scenario } of tooLarge) console.log(`FAIL ${scenario.name} is above ${scenario.budget} KiB`);
  return tooLarge.length === 0 ? 0 : 1;
}

async function measureScenarios(): Promise<ScenarioSize[]> {
  await using project = await packAndInstall();
  const sizes: ScenarioSize[] = [];
  for (const scenario of scenarios) sizes.push(await measureScenario(project.folder, scenario));
  return sizes;
}

async function measureSdks(): Promise<SdkSize[]> {
  const wanted = sdks.filter(({ code }) => code !== undefined).flatMap(({ packages }) => packages);
  const folder = await cachedPackages("sdks", [...new Set(wanted)]);
  const sizes: SdkSize[] = [];
  for (const sdk of sdks) {
    sizes.push({ sdk, whole: sdk.code === undefined ? undefined : await bundledSize(folder, sdk.code) });
  }
  return sizes.sort((a, b) => (a.whole ?? Number.POSITIVE_INFINITY) - (b.whole ?? Number.POSITIVE_INFINITY));
}
