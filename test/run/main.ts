import { installParts } from "../fixtures/install.ts";
import { reportAll, reportFile, reportSum } from "./report.ts";
import { type FileResult, runFile } from "./run-file.ts";
import { selectFiles } from "./select-files.ts";

/** Test files at once; each has servers of its own. */
const concurrency = 2;

const allIsWell = await main(process.argv.slice(2));
process.exitCode = allIsWell ? 0 : 1;

/** Words narrow the run to the files whose path holds all of them. */
async function main(words: readonly string[]): Promise<boolean> {
  const files = await selectFiles(words);
  if (files.length === 0) console.log(`No test file's path holds ${words.join(" and ")}.`);
  try {
    await installParts();
  } catch (error) {
    console.log((error as Error).message);
    return reportSum(0, 1);
  }
  return reportAll(await runAll(files));
}

async function runAll(files: readonly string[]): Promise<FileResult[]> {
  const results: FileResult[] = [];
  const waiting = files.values();
  const worker = async (): Promise<void> => {
    for (const file of waiting) {
      const result = await runFile(file);
      reportFile(result);
      results.push(result);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return results;
}
