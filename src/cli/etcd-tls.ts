import type { EtcdTls } from "../gateway/index.ts";
import type { Command } from "./bundled.ts";
import { CommandError, exitCode } from "./exit.ts";

/** Paths of the files by which etcd is known, and the gateway to it. */
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

/** The same for the gateway, which reads the files; undefined where none is named. */
export function toEtcdTls({ cacert, cert, key, serverName }: EtcdTlsOptions): EtcdTls | undefined {
  if ((cert === undefined) !== (key === undefined)) {
    throw new CommandError("--cert and --key go together", { exitCode: exitCode.usage });
  }
  return (cacert ?? cert ?? serverName) === undefined ? undefined : { cacert, cert, key, serverName };
}
