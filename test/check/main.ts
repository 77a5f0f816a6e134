import { spawn } from "node:child_process";
import { examplesFolder, workersFolder, writeExamples } from "./examples.ts";

/** One thing that must be so, and the commands that tell. */
interface Step {
  readonly says: string;
  readonly commands: readonly string[];
  /** Makes what the commands look at. */
  readonly prepare?: () => Promise<unknown>;
}

const steps: readonly Step[] = [
  { says: "format, lint and layers", commands: ["biome ci --colors=off --error-on-warnings ."] },
  {
    says: "types",
    commands: ["tsc -p tsconfig.json", "tsc -p test/tsconfig.json", "tsc -p playground/tsconfig.json --noEmit"],
  },
  {
    says: "etcd's messages: lint and format",
    commands: ["buf lint", "buf format --diff --exit-code"],
  },
  {
    says: "the stubs are what buf generates",
    commands: ["rm -rf .cache/stubs", "buf generate --output .cache/stubs", "diff -r .cache/stubs/src/gen src/gen"],
  },
  {
    says: "the emitted declarations keep the contract",
    commands: ["npm run -s build:package", "tsc -p test/api/tsconfig.json"],
  },
  {
    says: "every example of the documentation compiles",
    commands: [`tsc -p ${examplesFolder}/tsconfig.json`, `tsc -p ${workersFolder}/tsconfig.json`],
    prepare: writeExamples,
  },
  {
    says: "the example programs compile against the build",
    commands: ["tsc -p playground/examples/tsconfig.json", "tsc -p playground/examples/worker/tsconfig.json"],
  },
  {
    says: "every export is documented, with an example where it is a function; no link is broken",
    commands: [
      "npm run -s reference -- --out .cache/reference --json .cache/reference.json --logLevel Warn",
      "node test/reference/examples.ts .cache/reference.json",
    ],
  },
  { says: "nothing is unused", commands: ["knip --no-progress"] },
  { says: "publint", commands: ["publint --strict"] },
  { says: "are the types wrong?", commands: ["attw --pack . --profile esm-only --quiet"] },
];

process.exitCode = (await main()) ? 0 : 1;

/** One after the other: later ones look at what earlier ones have built. */
async function main(): Promise<boolean> {
  let failed = 0;
  for (const step of steps) if (!(await passes(step))) failed++;
  console.log(failed === 0 ? "Everything is as it should be." : `${failed} of ${steps.length} checks failed.`);
  return failed === 0;
}

async function passes({ says, commands, prepare }: Step): Promise<boolean> {
  const begun = performance.now();
  await prepare?.();
  for (const command of commands) {
    const { code, output } = await run(command);
    if (code === 0) continue;
    console.log(`FAIL ${says}: ${command}\n${output}`);
    return false;
  }
  console.log(`ok   ${says} (${((performance.now() - begun) / 1000).toFixed(1)} s)`);
  return true;
}

function run(command: string): Promise<{ code: number | null; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(command, { shell: true });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (output += data));
    child.on("close", (code) => resolve({ code, output }));
  });
}
