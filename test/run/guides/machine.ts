import { chmod, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { partBinary } from "../../fixtures/install.ts";
import { envoyPart } from "../../fixtures/parts/envoy-part.ts";
import { etcdPartName } from "../../fixtures/parts/etcd-part.ts";
import { etcdctlPart } from "../../fixtures/parts/etcdctl-part.ts";
import { accepts, type Child, freePorts, startChild } from "../../fixtures/process.ts";
import { runCommand } from "../../fixtures/run-command.ts";
import { temporaryFolder } from "../../fixtures/temporary-folder.ts";

const envoyExample = join(import.meta.dirname, "../../../playground/examples/envoy/envoy.yaml");

/** A machine of somebody who follows a guide: its commands are there, and its ports are ports that are free here. */
export interface Machine extends AsyncDisposable {
  /** The text of a guide with the addresses that it means here. */
  here(text: string): string;
  /** Runs commands to their end, and gives what they print. */
  run(commands: string): Promise<string>;
  /** Starts a server, and waits until it listens. */
  serve(command: string, port: Port): Promise<Child>;
  /** `http://127.0.0.1:8080` as it is here. */
  url(port: Port): string;
}

/** The ports that the guides name. */
export type Port = 2379 | 5379 | 8080;

/** What somebody who follows a guide has chosen, and exported in the shell. */
export const secrets = { ETCD_WEB_PASSWORD: "of the gateway", ROOT_PASSWORD: "keep it at home" };

/** `command` is the file that `npx etcd-web` starts. */
export async function startMachine(command: string): Promise<Machine> {
  const { path, remove } = await temporaryFolder("guide");
  const [etcd = 0, peers = 0, gateway = 0, envoy = 0, admin = 0] = await freePorts(5);
  const ports: Readonly<Record<Port, number>> = { 2379: etcd, 5379: gateway, 8080: envoy };
  const here = (text: string): string =>
    text.replaceAll(/\b127\.0\.0\.1:(2379|5379|8080)\b/g, (_, port) => `127.0.0.1:${ports[Number(port) as Port]}`);
  const bin = join(path, "bin");
  await mkdir(bin);
  await symlink(await partBinary(etcdPartName("3.7")), join(bin, "etcd"));
  await symlink(await partBinary(etcdctlPart.name), join(bin, "etcdctl"));
  // Several may run on this machine, each with as many threads as it has cores.
  const own = "--use-dynamic-base-id --concurrency 1 --log-level error";
  await script(join(bin, "envoy"), `exec '${await partBinary(envoyPart.name)}' "$@" ${own}`);
  await script(join(bin, "npx"), `[ "$1" = etcd-web ] && shift && exec '${process.execPath}' '${command}' "$@"`);
  const config = (await readFile(envoyExample, "utf8"))
    .replace("port_value: 8080", `port_value: ${envoy}`)
    .replace("port_value: 9901", `port_value: ${admin}`)
    .replace("address: etcd.example.com, port_value: 2379", `address: 127.0.0.1, port_value: ${etcd}`);
  await writeFile(join(path, "envoy.yaml"), config);
  const url = `http://127.0.0.1:${etcd}`;
  const env = {
    ...secrets,
    PATH: `${bin}:${process.env.PATH}`,
    PORT: String(gateway),
    ETCD_DATA_DIR: join(path, "data"),
    ETCD_LISTEN_CLIENT_URLS: url,
    ETCD_ADVERTISE_CLIENT_URLS: url,
    ETCD_LISTEN_PEER_URLS: `http://127.0.0.1:${peers}`,
    ETCD_INITIAL_ADVERTISE_PEER_URLS: `http://127.0.0.1:${peers}`,
    ETCD_INITIAL_CLUSTER: `default=http://127.0.0.1:${peers}`,
    ETCDCTL_ENDPOINTS: url,
  };
  return {
    here,
    url: (port) => `http://127.0.0.1:${ports[port]}`,
    run: (commands) => runCommand("sh", ["-ec", here(commands)], { cwd: path, env }),
    serve: (text, port) =>
      startChild({
        name: text,
        command: "sh",
        args: ["-ec", `cd '${path}'; exec ${here(text)}`],
        env,
        ready: () => accepts(ports[port]),
      }),
    [Symbol.asyncDispose]: remove,
  };
}

async function script(file: string, text: string): Promise<void> {
  await writeFile(file, `#!/bin/sh\n${text}\n`);
  await chmod(file, 0o755);
}
