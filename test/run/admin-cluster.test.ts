import { after, before, suite, test } from "node:test";
import { expect } from "chai";
import { createCluster, createMaintenance, type MemberStatus } from "../../src/admin/index.ts";
import { createEtcd, type Etcd, isEtcdError } from "../../src/index.ts";
import { rejection, until } from "../contract/expectations.ts";
import { type EtcdCluster, startCluster } from "../fixtures/cluster.ts";
import { clusterMember } from "../fixtures/cluster-member.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { freePorts } from "../fixtures/process.ts";

for (const version of ["3.4", "3.5", "3.6", "3.7"] as const) {
  suite(`etcd ${version}: three members, each behind an Envoy`, { timeout: 120_000 }, () => {
    let servers: EtcdCluster;
    let envoys: readonly EnvoyProxy[];
    let urls: readonly string[];
    let etcd: Etcd;
    before(async () => {
      servers = await startCluster(version);
      envoys = await Promise.all(servers.addresses.map((address) => startEnvoy({ etcd: [address] })));
      urls = envoys.map(({ url }) => url);
      etcd = createEtcd({ endpoints: urls });
    });
    after(async () => {
      await etcd?.close();
      for (const envoy of envoys ?? []) await envoy.stop();
      await servers?.stop();
    });
    const statuses = (): Promise<MemberStatus[]> => {
      const maintenance = createMaintenance(etcd);
      return Promise.all(urls.map((endpoint) => maintenance.status({ endpoint })));
    };

    test("status() and hashKv() are of the member at the endpoint", async () => {
      await etcd.put("a", "1");
      const all = await statuses();
      const ids = all.map(({ header }) => header.memberId);
      expect(new Set(ids).size).to.equal(3);
      expect(new Set(all.map(({ leader }) => leader)).size).to.equal(1);
      expect(ids).to.include(all[0]?.leader);
      const members = await createCluster(etcd).members();
      expect(members.map(({ id }) => id)).to.have.members(ids);
      for (const [i, address] of servers.addresses.entries()) {
        expect(members.find(({ id }) => id === ids[i])?.clientUrls).to.deep.equal([`http://${address}`]);
      }
      const { revision } = await etcd.put("a", "2");
      const maintenance = createMaintenance(etcd);
      const hash = (endpoint: string): Promise<string> =>
        maintenance.hashKv({ endpoint, revision }).then(
          ({ hash, header }) => `${hash} of ${header.memberId}`,
          () => "not there yet",
        );
      let hashes: readonly string[] = [];
      await until("all members have the revision", async () => {
        hashes = await Promise.all(urls.map(hash));
        return !hashes.includes("not there yet");
      });
      expect(hashes.map((each) => each.split(" of ")[1])).to.deep.equal(ids.map(String));
      expect(new Set(hashes.map((each) => each.split(" of ")[0])).size).to.equal(1);
    });

    test("moveLeader() hands the lead on, at the leader's endpoint and nowhere else", async () => {
      const maintenance = createMaintenance(etcd);
      const all = await statuses();
      const isLeader = ({ leader, header }: MemberStatus): boolean => leader === header.memberId;
      const leads = all.findIndex(isLeader);
      const [follows, next] = [(leads + 1) % 3, (leads + 2) % 3];
      const to = { id: all[next]?.header.memberId ?? 0n };
      const error = await rejection(maintenance.moveLeader(to, { endpoint: urls[follows] }), "failed-precondition");
      expect(error.reason).to.equal("etcdserver: not leader");
      await maintenance.moveLeader(to, { endpoint: urls[leads] });
      await until("the other leads", async () => (await statuses()).every(({ leader }) => leader === to.id));
    });

    test("a learner is added, told where it is, caught up with, promoted and removed", async () => {
      const cluster = createCluster(etcd);
      const [client, peer] = (await freePorts(2)).map((port) => `127.0.0.1:${port}`) as [string, string];
      // 3.4 makes a voter of a learner that is updated.
      const url = version === "3.4" ? `http://${peer}` : "http://127.0.0.1:1";
      const added = await whenHealthy(() => cluster.addLearner(url));
      expect([added.member.isLearner, added.member.name]).to.deep.equal([true, ""]);
      expect(added.members.length).to.equal(4);
      const twice = cluster.addLearner("http://127.0.0.1:2");
      expect((await rejection(twice, "failed-precondition")).reason).to.contain("too many learner members");
      const moved = version === "3.4" ? added.members : await cluster.updateMember(added.member, `http://${peer}`);
      const learner = moved.find(({ id }) => id === added.member.id);
      expect([learner?.peerUrls, learner?.isLearner]).to.deep.equal([[`http://${peer}`], true]);
      const early = await rejection(cluster.promoteMember(added.member), "failed-precondition");
      expect(early.reason).to.contain("in sync with leader");

      const initial = moved.flatMap(({ name, peerUrls }) => peerUrls.map((url) => `${name || "m4"}=${url}`)).join();
      const plan = { name: "m4", address: client, peerAddress: peer };
      const args = [`--initial-cluster=${initial}`, "--initial-cluster-state=existing"];
      const fourth = await clusterMember(version, plan, [plan], args);
      try {
        await fourth.start();
        await until("it has caught up", async () => {
          const promoted = await cluster.promoteMember(added.member).catch(() => []);
          return promoted.some(({ id, isLearner }) => id === added.member.id && !isLearner);
        });
        const voter = await rejection(cluster.promoteMember(added.member), "failed-precondition");
        expect(voter.reason).to.equal("etcdserver: can only promote a learner member");
        const named = (await cluster.members()).find(({ id }) => id === added.member.id);
        expect([named?.name, named?.clientUrls]).to.deep.equal(["m4", [`http://${client}`]]);
        const left = await cluster.removeMember(added.member);
        expect(left.map(({ name }) => name).sort()).to.deep.equal(["m1", "m2", "m3"]);
      } finally {
        await fourth.stop();
      }
      const gone = await rejection(cluster.removeMember(added.member), "failed-precondition");
      expect(gone.reason).to.equal("etcdserver: member not found");
    });

    test("defragment() and snapshot() are of the member at the endpoint, also of one that lost the others", async () => {
      const maintenance = createMaintenance(etcd);
      const [first, ...others] = servers.members;
      for (const member of others) member.pause();
      try {
        const [endpoint] = urls;
        await maintenance.defragment({ endpoint });
        const stream = maintenance.snapshot({ endpoint });
        expect((await new Response(stream).arrayBuffer()).byteLength % 512).to.equal(32);
        expect((await createCluster(etcd).members({ serializable: true })).length).to.equal(3);
        expect(first?.running).to.equal(true);
      } finally {
        for (const member of others) member.continue();
        await servers.healthy();
      }
    });
  });
}

/** etcd changes its members only when all have been connected for some seconds. */
async function whenHealthy<T>(change: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await change();
    } catch (error) {
      if (!isEtcdError(error) || error.reason !== "etcdserver: unhealthy cluster") throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}
