import { access } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { createMemoryEtcd } from "../memory/index.ts";
import type { DevOptions } from "./dev-command.ts";
import { toEtcdTls } from "./etcd-tls.ts";
import { CommandError, exitCode } from "./exit.ts";
import { greeting } from "./greeting.ts";
import { serveUntilStopped } from "./serving.ts";

/** Serves the playground, until it is told to stop. */
export async function dev(options: DevOptions, version: string): Promise<void> {
  const { etcd = [], port, host, allowOrigin: origins = [], allowHost: hosts = [] } = options;
  const assets = options.assets ?? (await ownPage());
  const rest = { port, host, origins, hosts, assets, limits: unbounded };
  const greet: Parameters<typeof serveUntilStopped>[1] = (gateway, behind) =>
    greeting(version, gateway, { etcd, origins, host, page: assets !== undefined, behind });
  const etcdTls = toEtcdTls(options);
  if (etcd.length > 0) return await serveUntilStopped({ etcd, etcdTls, policy: "open", ...rest }, greet);
  if (etcdTls !== undefined) {
    const message = "--cacert, --cert, --key and --server-name go with --etcd: the one in memory has no TLS";
    throw new CommandError(message, { exitCode: exitCode.usage });
  }
  await using memory = createMemoryEtcd();
  return await serveUntilStopped({ memory, ...rest }, greet);
}

/** Whoever calls is the one who started it, and an import of many keys is no attack. */
const unbounded = {
  callsPerSecond: Number.POSITIVE_INFINITY,
  callsPerClient: Number.POSITIVE_INFINITY,
  watchesPerCall: Number.POSITIVE_INFINITY,
};

/** The playground as the package carries it; a clone builds it elsewhere. */
async function ownPage(): Promise<string | undefined> {
  const folder = fileURLToPath(new URL("../playground", import.meta.url));
  return access(folder).then(
    () => folder,
    () => undefined,
  );
}
