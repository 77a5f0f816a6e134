import type { EtcdBehind } from "../gateway/index.ts";
import type { Command } from "./bundled.ts";
import { readText } from "./secrets.ts";

/** Files by which etcd is known, and the gateway to it. */
export interface EtcdTlsOptions {
  readonly cacert?: string;
  readonly cert?: string;
  readonly key?: string;
  readonly serverName?: string;
}

/** Adds the options of the way to etcd, named as etcdctl names them. */
export function addEtcdTls(command: Command): Command {
  return command
    .option("--cacert <file>", "the authority that vouches for etcd, in PEM (default: those that Node trusts)")
    .option("--cert <file>", "the gateway's certificate, where etcd asks for one")
    .option("--key <file>", "the private key of --cert")
    .option("--server-name <name>", "the name that etcd's certificate must carry (default: that of --etcd)");
}

/** What the files hold; undefined where none is named. */
export async function readEtcdTls(options: EtcdTlsOptions): Promise<EtcdBehind["etcdTls"]> {
  const { cacert, cert, key, serverName } = options;
  if ((cacert ?? cert ?? key ?? serverName) === undefined) return undefined;
  const read = async (file: string | undefined): Promise<string | undefined> => file && (await readText(file));
  return { cacert: await read(cacert), cert: await read(cert), key: await read(key), serverName };
}
