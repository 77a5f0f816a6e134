import { VERSION as rolldownVersion } from "rolldown";
import { formatLines } from "../../bench/table.ts";
import type { MarkedSection } from "../../fixtures/marked-section.ts";
import type { Scenario } from "./scenarios.ts";
import type { Sdk } from "./sdks.ts";

const command = "npm run size -- --write";

/** Where all the tables are. */
export const figures: MarkedSection = { file: "playground/guides/figures.md", name: "sizes", command };

/** Where the one figure is that most people want. */
export const summary: MarkedSection = { file: "README.md", name: "size", command };

/** An app in bytes, and what of them its stubs alone would cost. */
export interface ScenarioSize {
  readonly scenario: Scenario;
  readonly whole: number;
  readonly stubs: number;
}

/** An app with another SDK, in bytes; undefined where it cannot be bundled. */
export interface SdkSize {
  readonly sdk: Sdk;
  readonly whole: number | undefined;
}

/** The tables. */
export function formatSizes(scenarios: readonly ScenarioSize[], sdks: readonly SdkSize[]): string {
  const ours = scenarios.map(({ scenario, whole, stubs }) => [
    scenario.name,
    kib(whole),
    kib(stubs),
    kib(whole - stubs),
    scenario.budget.toFixed(1),
  ]);
  const others = sdks.map(({ sdk: { name, packages, does }, whole }) => [
    name,
    packages[0]?.replace(/^.*@/, "") ?? "",
    does,
    whole === undefined ? "–" : kib(whole),
  ]);
  return [
    `An app in one file, by rolldown ${rolldownVersion}, minified and gzipped, in KiB.`,
    "### By scenario",
    formatLines([["", "the whole app", "Connect stubs of the same services", "over the stubs", "may be"], ...ours]),
    "The stubs are etcd's messages of each service as buf generates them, with Connect's gRPC-Web transport: who calls " +
      "etcd from a page has them anyhow. React itself is not counted. A test fails above what a scenario may be.",
    "### Beside other SDKs",
    formatLines([["", "version", "the app", "the whole app"], ...others]),
    "They do different things: the figures say what a page pays for each, not what each is worth.",
  ].join("\n\n");
}

/** The line for the README. */
export function formatSummary(sizes: readonly ScenarioSize[]): string {
  const found = sizes.find(({ scenario }) => scenario.name === "get and watch");
  if (found === undefined) throw new Error("There is no scenario that gets and watches.");
  const { whole, stubs } = found;
  return [
    `An app that gets and watches is ${kib(whole)} KiB, minified and gzipped: ${kib(whole - stubs)} KiB over the Connect stubs that it`,
    "needs anyhow. [By scenario, and beside other SDKs](playground/guides/figures.md#size).",
  ].join("\n");
}

function kib(bytes: number): string {
  return (bytes / 1024).toFixed(1);
}
