import { after, before, suite, test } from "node:test";
import { expect } from "chai";
import { type EtcdCluster, startCluster } from "../fixtures/cluster.ts";

suite("a cluster of three members", () => {
  let cluster: EtcdCluster;
  before(async () => {
    cluster = await startCluster("3.7");
  });
  after(() => cluster?.stop());

  test("has one leader, which moves", async () => {
    const leader = await cluster.leader();
    const next = await cluster.moveLeader();
    expect(next).not.to.equal(leader);
    expect(await cluster.leader()).to.equal(next);
    expect(await leader.isLeader()).to.equal(false);
  });

  test("goes on without a member that was killed, which comes back with what it had", async () => {
    const leader = await cluster.leader();
    const { id } = await leader.status();
    await leader.kill();
    expect(leader.running).to.equal(false);
    expect(await cluster.leader()).not.to.equal(leader);
    await leader.restart();
    await cluster.healthy();
    expect((await leader.status()).id).to.equal(id);
    expect(await leader.watchers()).to.equal(0);
  });

  test("chooses another leader while the first is paused", async () => {
    const leader = await cluster.leader();
    leader.pause();
    const next = await cluster.leader();
    leader.continue();
    expect(next).not.to.equal(leader);
    await cluster.healthy();
    expect(await leader.isLeader()).to.equal(false);
  });
});
