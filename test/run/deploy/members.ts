import { join } from "node:path";
import type { Authority } from "../../fixtures/authority.ts";
import { partBinary } from "../../fixtures/install.ts";
import { etcdPartName } from "../../fixtures/parts/etcd-part.ts";
import { type Child, freePorts, startChild } from "../../fixtures/process.ts";
import { rendered, type Values } from "./rendered.ts";

/** The folder of the examples. */
export const deploy = join(import.meta.dirname, "../../../playground/examples/deploy");

/** A member of the cluster that the shipped file describes. */
export interface DeployedMember {
  readonly port: number;
  /** How many watches it holds, by its own count. */
  watchers(): Promise<number>;
  kill(): Promise<void>;
}

/** Three members, by the shipped file. */
export async function startMembers(authority: Authority, folder: string): Promise<DeployedMember[] & AsyncDisposable> {
  const plans = await Promise.all([1, 2, 3].map((number) => planMember(number, authority, folder)));
  const CLUSTER = plans.map(({ NAME, PEER_PORT }) => `${NAME}=https://127.0.0.1:${PEER_PORT}`).join();
  const members = await Promise.all(plans.map((plan) => startMember({ ...plan, CLUSTER }, folder)));
  return Object.assign(members, {
    [Symbol.asyncDispose]: async () => void (await Promise.all(members.map((member) => member.kill()))),
  });
}

async function planMember(number: number, authority: Authority, folder: string): Promise<Values> {
  const NAME = `m${number}`;
  const [CLIENT_PORT = 0, PEER_PORT = 0, METRICS_PORT = 0] = await freePorts(3);
  const { certificate: CERT, key: KEY } = await authority.issue(NAME);
  const DATA = join(folder, NAME);
  return {
    NAME,
    ADDRESS: "127.0.0.1",
    CLIENT_PORT,
    PEER_PORT,
    METRICS_PORT,
    DATA,
    CA: authority.certificate,
    CERT,
    KEY,
  };
}

async function startMember(plan: Values, folder: string): Promise<DeployedMember> {
  const inside = `http://127.0.0.1:${plan.METRICS_PORT}`;
  const config = await rendered(join(deploy, "etcd.yaml"), plan, folder, `${plan.NAME}.yaml`);
  const child: Child = await startChild({
    name: `member ${plan.NAME}`,
    command: await partBinary(etcdPartName("3.7")),
    args: ["--config-file", config],
    ready: async () => (await fetch(`${inside}/health`)).ok,
    readyWithinMs: 60_000,
  });
  let running = true;
  return {
    port: Number(plan.CLIENT_PORT),
    async watchers() {
      if (!running) return 0;
      const metrics = await (await fetch(`${inside}/metrics`)).text();
      return Number(/^etcd_debugging_mvcc_watcher_total (\S+)$/m.exec(metrics)?.[1]);
    },
    async kill() {
      if (!running) return;
      running = false;
      child.kill("SIGKILL");
      await child.stop();
    },
  };
}
