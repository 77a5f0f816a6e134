import { readEtcdTls } from "./etcd-tls.ts";
import type { GatewayCommandOptions } from "./gateway-command.ts";
import { greeting } from "./greeting.ts";
import { serveUntilStopped } from "./serving.ts";

/** Serves a real etcd, until it is told to stop. */
export async function gateway(options: GatewayCommandOptions, version: string): Promise<void> {
  const { etcd, port, host, allowOrigin: origins = [], allowHost: hosts = [] } = options;
  const etcdTls = await readEtcdTls(options);
  await serveUntilStopped({ etcd, etcdTls, port, host, origins, hosts }, (running, behind) =>
    greeting(version, running, { etcd, origins, host, page: false, behind }),
  );
}
