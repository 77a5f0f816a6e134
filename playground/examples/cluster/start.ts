import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createEtcd } from "etcd-web";
import { parse } from "yaml";

const { values: ports } = parseArgs({
  options: {
    etcd: { type: "string", default: "2379,22379,32379" },
    peers: { type: "string", default: "2380,22380,32380" },
    envoy: { type: "string", default: "8080" },
  },
});
const peerPorts = ports.peers.split(",");
const members = ports.etcd.split(",").map((port, index) => ({
  name: `m${index + 1}`,
  port: Number(port),
  url: `http://127.0.0.1:${port}`,
  peerUrl: `http://127.0.0.1:${peerPorts[index]}`,
}));

// Envoy would send calls to whoever has a member's port.
for (const port of [...members.map(({ port }) => port), Number(ports.envoy)]) await checkFree(port);

const folder = await mkdtemp(join(tmpdir(), "etcd-web-cluster-"));
const children: ChildProcess[] = [];
process.on("exit", () => {
  for (const child of children) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, maxRetries: 5 });
});
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit());

const config = join(folder, "envoy.json");
await writeFile(config, JSON.stringify(await envoyConfig()));

for (const { name, url, peerUrl } of members) {
  const member = start("etcd", [
    `--name=${name}`,
    `--data-dir=${join(folder, name)}`,
    `--listen-client-urls=${url}`,
    `--advertise-client-urls=${url}`,
    `--listen-peer-urls=${peerUrl}`,
    `--initial-advertise-peer-urls=${peerUrl}`,
    `--initial-cluster=${members.map((each) => `${each.name}=${each.peerUrl}`).join()}`,
    "--watch-progress-notify-interval=10s",
    "--log-level=error",
  ]);
  console.log(`${name} at ${url} is process ${member.pid}`);
}

start("envoy", ["--config-path", config, "--log-level", "error", "--disable-hot-restart"]);

const endpoint = `http://127.0.0.1:${ports.envoy}`;
await using etcd = createEtcd({ endpoints: endpoint });
// Ready is when Envoy runs and the members have a leader; a child that ends instead has said why.
await Promise.race([etcd.ready({ timeoutMs: 60_000 }), ...children.map(failed)]);
console.log(endpoint);

function start(command: string, args: readonly string[]): ChildProcess {
  const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  children.push(child);
  return child;
}

async function failed(child: ChildProcess): Promise<never> {
  await once(child, "exit");
  throw new Error(`${child.spawnfile} has ended.`);
}

async function checkFree(port: number): Promise<void> {
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  server.close();
  await once(server, "close");
}

/** The configuration that ships, for these members. */
async function envoyConfig(): Promise<unknown> {
  const { static_resources } = parse(await readFile(join(import.meta.dirname, "../envoy/envoy.yaml"), "utf8"));
  const { listeners, clusters } = static_resources;
  listeners[0].address = socket(Number(ports.envoy));
  clusters[0].load_assignment.endpoints[0].lb_endpoints = members.map(({ port }) => ({
    endpoint: { address: socket(port) },
  }));
  return { static_resources };
}

function socket(port: number): unknown {
  return { socket_address: { address: "127.0.0.1", port_value: port } };
}
