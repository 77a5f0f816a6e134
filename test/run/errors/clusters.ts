import { setTimeout as sleep } from "node:timers/promises";
import type { EtcdCluster } from "../../fixtures/cluster.ts";
import { bytes, type Stubs } from "./scene.ts";

/** Makes a cluster of three say something; `of` reaches one member of it. */
export type ProvokeCluster = (cluster: EtcdCluster, of: (address: string) => Stubs) => Promise<unknown>;

const key = bytes("errors/key");

/** What members say of each other; in this order, since the cluster loses one after the other. */
export const ofClusters: Readonly<Record<string, ProvokeCluster>> = {
  async ErrNotLeader(cluster, of) {
    const leader = await cluster.leader();
    const other = cluster.members.find((member) => member !== leader) ?? leader;
    return await of(other.address).maintenance.moveLeader({ targetID: BigInt((await other.status()).id) });
  },
  async ErrBadLeaderTransferee(cluster, of) {
    return await of((await cluster.leader()).address).maintenance.moveLeader({ targetID: 4242n });
  },
  async ErrUnhealthy(cluster, of) {
    const leader = await cluster.leader();
    await cluster.members.find((member) => member !== leader)?.kill();
    return await of(leader.address).cluster.memberAdd({ peerURLs: ["http://127.0.0.1:1"] });
  },
  async ErrNoLeader(cluster, of) {
    const leader = await cluster.leader();
    await leader.kill();
    const last = cluster.members.find((member) => member.running) ?? leader;
    for (;;) {
      await of(last.address).kv.range({ key, serializable: true }, { headers: { hasleader: "true" } });
      await sleep(100);
    }
  },
  ErrTimeout: (cluster, of) => {
    const last = cluster.members.find(({ running }) => running);
    return of(last?.address ?? "").kv.range({ key });
  },
};
