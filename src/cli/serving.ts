import { once } from "node:events";
import { isEtcdError } from "../base/errors.ts";
import { createGateway, type Gateway, type GatewayOptions } from "../gateway/index.ts";
import { askBehind, type Behind } from "./behind.ts";
import { CommandError } from "./exit.ts";

/** Serves until it is told to stop; `greet` says so once it answers. Rejects where it cannot start, with what to do about it. */
export async function serveUntilStopped(
  options: GatewayOptions,
  greet: (gateway: Gateway, behind: Behind) => string,
): Promise<void> {
  const told = toldToStop();
  const gateway = await open(options);
  const announce = async (): Promise<void> => console.log(greet(gateway, await askBehind(gateway)));
  try {
    await Promise.race([announce(), told]);
    await told;
  } finally {
    await gateway.close();
  }
}

/** Listens from the start, so that a signal during the start is not the end without a close. */
async function toldToStop(): Promise<void> {
  await Promise.race(["SIGINT", "SIGTERM"].map((signal) => once(process, signal)));
}

async function open(options: GatewayOptions): Promise<Gateway> {
  try {
    return await createGateway(options);
  } catch (error) {
    if (!isEtcdError(error)) throw error;
    throw new CommandError(inOptions(error.message), { cause: error });
  }
}

/** The gateway's words, with the options of the command in place of its own. */
function inOptions(message: string): string {
  const [, name = "", text = ""] = /^([a-zA-Z.]+)\b(.*)$/s.exec(message) ?? [];
  const own = options[name];
  const said = own === undefined ? message : `${own}${text.replace(/^ holds/, " is")}`;
  return said
    .replace(/\bthe option (port|host)\b/, "--$1")
    .replace(/\blimits\.(\w+)/g, "--limit $1")
    .replace(/\betcdTls\.(\w+)/g, "--$1");
}

const options: Readonly<Record<string, string>> = {
  origins: "--allow-origin",
  hosts: "--allow-host",
  etcd: "--etcd",
  etcdTls: "--cacert, --cert, --key or --server-name",
  "tls.cert": "--tls-cert",
  "tls.key": "--tls-key",
  assets: "--assets",
  "policy.methods": "--allow-method",
  "monitor.port": "--monitor-port",
};
