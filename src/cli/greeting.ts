import { styleText } from "node:util";
import type { Gateway } from "../gateway/index.ts";
import type { Behind } from "./behind.ts";

/** What is told of a gateway that answers. */
export interface Served {
  /** Addresses of a real etcd; none for the one in memory. */
  readonly etcd: readonly string[];
  readonly behind: Behind;
  readonly origins: readonly string[];
  readonly host: string | undefined;
  readonly page: boolean;
  /** What callers may ask, in words; nothing: everything. */
  readonly allowed?: string;
}

/** What is printed once it answers: what is there, who may use it, and last where. */
export function greeting(version: string, gateway: Gateway, served: Served): string {
  const lines = [
    row("etcd", whatIsBehind(served)),
    row("client", `createEtcd({ endpoints: ${JSON.stringify(gateway.url)} })`),
    row("callers", whoMayCall(served)),
    ...(served.allowed === undefined ? [] : [row("allowed", served.allowed)]),
    ...(gateway.monitorUrl === undefined ? [] : [row("monitor", `${gateway.monitorUrl}/metrics and /health`)]),
  ];
  const url = `${gateway.url}/`;
  return `\n  ${styleText("bold", "etcd-web")} ${version}\n\n${lines.join("\n")}\n\n${styleText("cyan", url)}`;
}

function row(name: string, text: string): string {
  return `  ${styleText("dim", name.padEnd(9))}${text}`;
}

function whatIsBehind({ etcd, behind }: Served): string {
  if ("silentBecause" in behind) return styleText("yellow", `no answer yet: ${behind.silentBecause}`);
  return etcd.length === 0
    ? `in memory, like ${behind.version}; what it holds goes when this stops`
    : `${behind.version ?? "answers"} at ${etcd.join(", ")}`;
}

function whoMayCall({ origins, host, page }: Served): string {
  const pages = [...(page ? ["the page it serves"] : []), ...origins.map((origin) => `pages of ${origin}`)];
  const reach = host === undefined || host === "127.0.0.1" || host === "localhost" || host === "::1";
  const programs = `any program ${reach ? "on this machine" : "that can reach this port"}`;
  return `${pages.length === 0 ? "no page (--allow-origin lets one)" : pages.join(", ")}, and ${programs}`;
}
