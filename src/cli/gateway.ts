import type { GatewayOptions, GatewayPolicy, GatewayTls } from "../gateway/index.ts";
import { passwordAuth } from "../transport/password-auth.ts";
import { toEtcdTls } from "./etcd-tls.ts";
import { CommandError, exitCode } from "./exit.ts";
import type { GatewayCommandOptions } from "./gateway-command.ts";
import { greeting } from "./greeting.ts";
import { readText, readUser } from "./secrets.ts";
import { serveUntilStopped } from "./serving.ts";

/** Serves a real etcd, until it is told to stop. */
export async function gateway(options: GatewayCommandOptions, version: string): Promise<void> {
  const { etcd, port, host, allowOrigin: origins = [], allowHost: hosts = [], proxies, limit: limits } = options;
  const user = await readUser(options.user, options.passwordFile);
  const policy = toPolicy(options);
  const served = {
    ...{ etcd, policy, port, host, origins, hosts, proxies, limits },
    auth: user && passwordAuth(user),
    tls: await readTls(options),
    etcdTls: toEtcdTls(options),
    monitor: toMonitor(options),
  };
  await serveUntilStopped(served, (running, behind) =>
    greeting(version, running, { etcd, origins, host, page: false, behind, allowed: inWords(policy) }),
  );
}

function toPolicy({ open, prefix, write, allowMethod }: GatewayCommandOptions): GatewayPolicy | "open" {
  if (open) return "open";
  if (prefix !== undefined) return { prefixes: prefix, readOnly: !write, methods: allowMethod };
  const message =
    "Nobody may ask anything yet: name keys with --prefix config/, or allow all that etcd takes with --open";
  throw new CommandError(message, { exitCode: exitCode.usage });
}

async function readTls({ tlsCert, tlsKey }: GatewayCommandOptions): Promise<GatewayTls | undefined> {
  if (tlsCert === undefined && tlsKey === undefined) return undefined;
  if (tlsCert !== undefined && tlsKey !== undefined) {
    return { cert: await readText(tlsCert), key: await readText(tlsKey) };
  }
  throw new CommandError("--tls-cert and --tls-key go together", { exitCode: exitCode.usage });
}

function toMonitor({ monitorPort: port, monitorHost: host }: GatewayCommandOptions): GatewayOptions["monitor"] {
  if (port !== undefined) return { port, host };
  if (host === undefined) return undefined;
  throw new CommandError("--monitor-host goes with --monitor-port", { exitCode: exitCode.usage });
}

function inWords(policy: GatewayPolicy | "open"): string {
  if (policy === "open") return "whatever etcd takes";
  const keys = (policy.prefixes ?? []).map((prefix) => (prefix.length === 0 ? "every key" : `${prefix}…`)).join(", ");
  return `${policy.readOnly ? "to read" : "to read and write"} ${keys}${policy.methods ? `, by ${policy.methods.join(", ")}` : ""}`;
}
