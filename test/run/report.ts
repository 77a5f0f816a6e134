import { inspect } from "node:util";
import type { FileResult } from "./run-file.ts";

/** One line for a file that has ended, and one for each of its tests that failed. */
export function reportFile({ file, passed, failures, skipped, seconds }: FileResult): void {
  const counts = [`${passed} passed`];
  if (failures.length > 0) counts.push(`${failures.length} failed`);
  if (skipped.length > 0) counts.push(`${skipped.length} skipped`);
  console.log(`${failures.length > 0 ? "FAIL" : "ok  "} ${file}: ${counts.join(", ")} (${seconds.toFixed(1)} s)`);
  for (const { path, error } of failures) console.log(`FAIL ${path.join(" > ")}: ${inOneLine(String(error))}`);
}

/** Everything that went wrong, then the sum as the last line. Gives whether all is well. */
export function reportAll(results: readonly FileResult[]): boolean {
  results.filter(({ failures }) => failures.length > 0).forEach(reportFailures);
  const skipped = results.flatMap((result) => result.skipped);
  for (const test of skipped) console.log(`skipped: ${test}`);
  // A part that is missing on somebody's machine is their choice; where everything must run, it is a gap.
  const failed = sum(results.map(({ failures }) => failures.length)) + (process.env.CI ? skipped.length : 0);
  return reportSum(sum(results.map(({ passed }) => passed)), failed);
}

/** The last line. Gives whether all is well, which it is not where nothing ran. */
export function reportSum(passed: number, failed: number): boolean {
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 && passed > 0;
}

function reportFailures({ file, failures, output }: FileResult): void {
  for (const { path, error } of failures) {
    console.log(`\nFAIL ${path.join(" > ")}`);
    console.log(indent(inspect(error, { depth: 5 })));
  }
  if (output.trim() !== "")
    console.log(`\n${file} printed:\n${indent(output.trimEnd().split("\n").slice(-100).join("\n"))}`);
  console.log();
}

/** The beginning of a text, however many lines it has. */
function inOneLine(text: string): string {
  const line = text.replaceAll(/\s*\n\s*/g, " ⏎ ");
  return line.length > 600 ? `${line.slice(0, 600)} …` : line;
}

function indent(text: string): string {
  return text.replace(/^/gm, "  ");
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
