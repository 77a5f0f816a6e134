import process from "node:process";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { startEtcd } from "../fixtures/etcd.ts";
import { installEtcd3 } from "./etcd3-package.ts";
import { installGoClient } from "./go-client.ts";
import type { Measurement, Setting } from "./measurement.ts";
import type { Table } from "./table.ts";

/** Measures on servers of its own: no measurement pays for the history of another. `turn` says which it is, of how many. */
export async function measureAlone(
  measurement: Measurement,
  amount: Pick<Setting, "rounds" | "minutes">,
  turn: string,
): Promise<Table> {
  const [etcd3, go] = [await installEtcd3(), await installGoClient()];
  await using etcd = await startEtcd("3.7", { args: ["--cors=*"] });
  await using envoy = await startEnvoy({ etcd: [etcd.address] });
  await using json = await startJsonEnvoy(etcd.address);
  const place = { envoy: envoy.url, etcd: `http://${etcd.address}`, json: json.url, etcd3, go };
  const progress = (text: string): void => show(`${sinceStart()} ${measurement.name} (${turn}), ${text}`);
  try {
    return await measurement.measure({ place, ...amount, progress });
  } finally {
    if (process.stderr.isTTY) show("");
  }
}

/** The shipped configuration but for the one thing that differs: HTTP/1.1 to etcd, and to every path. */
function startJsonEnvoy(address: string): Promise<EnvoyProxy> {
  return startEnvoy({
    etcd: [address],
    overrides: ({ route, cluster }) => {
      route.match = { prefix: "/" };
      delete cluster.typed_extension_protocol_options;
    },
  });
}

/** One line that changes; on no terminal, a line each. */
function show(text: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${text}` : `${text}\n`);
}

function sinceStart(): string {
  const seconds = Math.round(process.uptime());
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
