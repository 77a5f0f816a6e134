import { mkdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import type { RoundResult } from "./round-result.ts";

const repository = join(import.meta.dirname, "../..");

/** Writes down what a round with violations has found, and gives where. */
export async function keepEvidence({ options, violations, evidence }: RoundResult): Promise<string> {
  const folder = join(repository, ".cache/chaos");
  const file = join(folder, `etcd-${options.version}-seed-${options.seed}.json`);
  await mkdir(folder, { recursive: true });
  const asText = (_: string, value: unknown): unknown => (typeof value === "bigint" ? `${value}` : value);
  await writeFile(file, JSON.stringify({ options, violations, evidence }, asText, 1));
  return relative(repository, file);
}
