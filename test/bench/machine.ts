import { availableParallelism, cpus, loadavg, totalmem } from "node:os";
import process from "node:process";
import { partBinary } from "../fixtures/install.ts";
import { chromiumPart } from "../fixtures/parts/browser-parts.ts";
import { runCommand } from "../fixtures/run-command.ts";
import { envoyRelease, etcdReleases } from "../fixtures/versions.ts";
import { etcd3Release } from "./etcd3-package.ts";

/** What the figures depend on, beside the code. */
export async function describeMachine(): Promise<string> {
  const model = (cpus()[0]?.model ?? "an unknown processor").replace(/\s+/g, " ").trim();
  const chromium = await runCommand(await partBinary(chromiumPart.name), ["--version"]);
  const machine = [
    `${model}, ${availableParallelism()} cores`,
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `load before the run ${(loadavg()[0] ?? 0).toFixed(1)}`,
  ];
  const versions = [
    `Node ${process.versions.node}`,
    `Chromium ${/[\d.]+/.exec(chromium)?.[0]}`,
    `etcd and its Go client ${etcdReleases["3.7"]}`,
    `Envoy ${envoyRelease}`,
    `etcd3 ${etcd3Release}`,
  ];
  return `${machine.join(", ")}. ${versions.join(", ")}.`;
}
