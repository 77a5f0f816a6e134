import { styleText } from "node:util";
import type { Gateway } from "../gateway/index.ts";
import type { ServeOptions } from "./arguments.ts";
import type { Behind } from "./behind.ts";

/** What `serve` prints once it answers: what is there, who may use it, and last where. */
export function greeting(version: string, gateway: Gateway, options: ServeOptions, behind: Behind): string {
  const url = `${gateway.url}/`;
  const lines = [
    row("etcd", whatIsBehind(options, behind)),
    row("client", `createEtcd({ endpoints: ${JSON.stringify(gateway.url)} })`),
    ...(options.assets === undefined ? [] : [row("page", `the files of ${options.assets}`)]),
    row("callers", whoMayCall(options)),
  ];
  return `\n  ${styleText("bold", "etcd-web")} ${version}\n\n${lines.join("\n")}\n\n${styleText("cyan", url)}`;
}

function row(name: string, text: string): string {
  return `  ${styleText("dim", name.padEnd(9))}${text}`;
}

function whatIsBehind({ etcd }: ServeOptions, behind: Behind): string {
  if ("silentBecause" in behind) return styleText("yellow", `no answer yet: ${behind.silentBecause}`);
  return etcd.length === 0
    ? `in memory, like ${behind.version}; what it holds goes when this stops`
    : `${behind.version} at ${etcd.join(", ")}`;
}

function whoMayCall({ origins, host }: ServeOptions): string {
  const pages = ["pages it serves", ...origins.map((origin) => `pages of ${origin}`)].join(", ");
  const reach = host === undefined || host === "127.0.0.1" || host === "localhost" || host === "::1";
  return `${pages}, and any program ${reach ? "on this machine" : "that can reach this port"}`;
}
