import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { partBinary } from "../../fixtures/install.ts";
import { chromiumPart } from "../../fixtures/parts/browser-parts.ts";
import { startChild } from "../../fixtures/process.ts";
import { temporaryFolder } from "../../fixtures/temporary-folder.ts";
import type { Job } from "../job.ts";
import { Desk } from "./desk.ts";

/** A page in a Chromium of its own, which does work as jobs do. */
export interface ChromiumPage extends AsyncDisposable {
  start<Result>(name: string, args: object): Job<Result>;
  /** Microseconds of processor time that its renderers have used so far. */
  rendererCpuUs(): Promise<number>;
}

const flags = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"],
  ...["--disable-background-networking", "--disable-component-update", "--ignore-certificate-errors"],
];

/** Starts one. */
export async function startChromiumPage(): Promise<ChromiumPage> {
  await using started = new AsyncDisposableStack();
  const desk = started.use(await Desk.open(await bundle()));
  const profile = await temporaryFolder("chromium");
  started.defer(() => profile.remove());
  const chromium = started.use(
    await startChild({
      name: "Chromium",
      command: await partBinary(chromiumPart.name),
      args: [...flags, `--user-data-dir=${profile.path}`, `${desk.url}/`],
      ready: async () => desk.isVisited,
    }),
  );
  const rest = started.move();
  return {
    start: (name, args) => desk.start(name, args),
    rendererCpuUs: () => rendererCpuUs(chromium.pid),
    [Symbol.asyncDispose]: () => rest.disposeAsync(),
  };
}

async function bundle(): Promise<string> {
  const build = await rolldown({
    input: join(import.meta.dirname, "main.ts"),
    platform: "browser",
    logLevel: "silent",
  });
  const { output } = await build.generate({ format: "esm", codeSplitting: false });
  await build.close();
  return output[0].code;
}

interface Process {
  readonly pid: number;
  readonly parent: number;
  readonly cpuUs: number;
}

/** By the kernel's count, which is in ticks of a hundredth of a second. */
async function rendererCpuUs(browser: number): Promise<number> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  const processes = (await Promise.all(pids.map(readProcess))).filter((each) => each !== undefined);
  const parents = new Map(processes.map(({ pid, parent }) => [pid, parent]));
  const isOurs = (pid: number | undefined): boolean =>
    pid === browser || (pid !== undefined && isOurs(parents.get(pid)));
  const ours = processes.filter(({ pid }) => isOurs(pid));
  const renderers = await Promise.all(ours.map(async (each) => ((await isRenderer(each.pid)) ? each.cpuUs : 0)));
  return renderers.reduce((sum, cpuUs) => sum + cpuUs, 0);
}

/** Undefined: it has ended meanwhile. */
async function readProcess(pid: string): Promise<Process | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  const fields = stat?.slice(stat.lastIndexOf(")") + 2).split(" "); // its name may hold spaces
  if (fields === undefined) return undefined;
  return { pid: Number(pid), parent: Number(fields[1]), cpuUs: (Number(fields[11]) + Number(fields[12])) * 10_000 };
}

async function isRenderer(pid: number): Promise<boolean> {
  return (await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "")).includes("--type=renderer");
}
