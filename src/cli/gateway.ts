import type { GatewayPolicy, GatewayTls } from "../gateway/index.ts";
import { passwordAuth } from "../transport/password-auth.ts";
import { readEtcdTls } from "./etcd-tls.ts";
import { CommandError, exitCode } from "./exit.ts";
import type { GatewayCommandOptions } from "./gateway-command.ts";
import { greeting } from "./greeting.ts";
import { readText, readUser } from "./secrets.ts";
import { serveUntilStopped } from "./serving.ts";

/** Serves a real etcd, until it is told to stop. */
export async function gateway(options: GatewayCommandOptions, version: string): Promise<void> {
  const { etcd, port, host, allowOrigin: origins = [], allowHost: hosts = [], proxies, monitorPort } = options;
  const user = await readUser(options.user, options.passwordFile);
  const served = {
    ...{ etcd, port, host, origins, hosts, proxies },
    policy: toPolicy(options),
    auth: user && passwordAuth(user),
    tls: await readTls(options),
    etcdTls: await readEtcdTls(options),
    monitor: monitorPort === undefined ? undefined : { port: monitorPort },
  };
  await serveUntilStopped(served, (running, behind) =>
    greeting(version, running, { etcd, origins, host, page: false, behind }),
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
