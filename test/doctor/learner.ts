import { createCluster } from "../../src/admin/index.ts";
import { createGateway } from "../../src/gateway/index.ts";
import { createEtcd } from "../../src/index.ts";
import { clusterMember, type StoppableMember } from "../fixtures/cluster-member.ts";
import { freePorts } from "../fixtures/process.ts";

/** A member without a vote, and the one that leads it. */
export async function startLearner(): Promise<AsyncDisposable & { readonly address: string }> {
  await using parts = new AsyncDisposableStack();
  const [port, peerPort, learnersPort, learnersPeerPort] = await freePorts(4);
  const leader = { name: "leader", address: `127.0.0.1:${port}`, peerAddress: `127.0.0.1:${peerPort}` };
  const peerAddress = `127.0.0.1:${learnersPeerPort}`;
  const learner = { name: "learner", address: `127.0.0.1:${learnersPort}`, peerAddress };
  await started(await clusterMember("3.7", leader, [leader], []));
  await announce(leader.address, `http://${peerAddress}`);
  await started(await clusterMember("3.7", learner, [leader, learner], ["--initial-cluster-state=existing"]));
  const all = parts.move();
  return { address: learner.address, [Symbol.asyncDispose]: () => all.disposeAsync() };

  async function started(member: StoppableMember): Promise<void> {
    parts.defer(() => member.stop());
    await member.start();
  }
}

async function announce(leader: string, peerUrl: string): Promise<void> {
  await using gateway = await createGateway({ etcd: leader, policy: "open", port: 0 });
  await using etcd = createEtcd({ endpoints: gateway.url });
  await createCluster(etcd).addLearner(peerUrl);
}
