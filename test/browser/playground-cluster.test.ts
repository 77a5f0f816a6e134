import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import { type EtcdCluster, startCluster } from "../fixtures/cluster.ts";
import { clusterMember } from "../fixtures/cluster-member.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { etcdJson } from "../fixtures/etcd-json.ts";
import { type GoPeer, goPeer } from "../fixtures/go-peer.ts";
import { freePorts } from "../fixtures/process.ts";
import { startRestoredEtcd } from "../fixtures/restored-etcd.ts";
import { seriousFaults } from "./playground-axe.ts";
import { downloadsOf } from "./playground-downloads.ts";
import { type Playground, press, shown, startPlayground, type Tab, type } from "./playground-page.ts";

describe("the playground's cluster", { timeout: 300_000 }, () => {
  const parts = new AsyncDisposableStack();
  let playground: Playground;
  let cluster: EtcdCluster;
  let envoys: readonly EnvoyProxy[];
  let etcdctl: GoPeer["etcdctl"];
  before(async () => {
    playground = parts.use(await startPlayground());
    cluster = parts.use(await startCluster("3.7"));
    const { origin: allowOrigin } = playground.site;
    envoys = await Promise.all(cluster.addresses.map((address) => startEnvoy({ etcd: [address], allowOrigin })));
    for (const envoy of envoys) parts.use(envoy);
    ({ etcdctl } = await goPeer(cluster.addresses.join(",")));
    for (let index = 0; index < 20; index++) await etcdctl("put", "counter", String(index));
  });
  after(() => parts.disposeAsync());

  /** With an endpoint for each member. */
  async function openCluster(): Promise<Tab> {
    const tab = await playground.open(`#/cluster?at=${encodeURIComponent(envoys.map(({ url }) => url).join(","))}`);
    await tab.page.setViewport({ width: 1280, height: 1000 }); // Toasts cover nothing that is to be pressed.
    return tab;
  }

  /** As etcd's own command tells them. */
  async function members(): Promise<readonly MemberJson[]> {
    return (parseExactly(await etcdctl("member", "list", "-w", "json")) as { members: MemberJson[] }).members;
  }

  it("shows each endpoint, compares their hashes, and hands the lead to another member", async () => {
    await using tab = await openCluster();
    const { page } = tab;
    await shown(page, ".main", "3 members", "No alarms", "Leader", "Follower", "3.7.", "in use, quota 2 GiB");
    const [first] = parseExactly(await etcdctl("endpoint", "status", "-w", "json")) as readonly StatusJson[];
    await shown(page, ".main", `cluster ${BigInt(first?.Status.header.cluster_id ?? 0).toString(16)}`);
    await press(page, "Compare hashes");
    await shown(page, ".main", "All endpoints have the same keys and the same history.");
    const before = await cluster.leader();
    const next = cluster.members.find((member) => member !== before)?.name ?? "";
    await press(page, `Actions of ${next}`);
    await press(page, "Hand it the lead", "menuitem");
    await press(page, "Hand it over");
    await shown(page, ".toasts", `${next} leads now.`);
    expect((await cluster.leader()).name).to.equal(next);
    expect(await seriousFaults(page)).to.deep.equal([]);
    expect(tab.complaints).to.deep.equal([]);
  });

  it("shows what the others say where an endpoint never answers", async () => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    try {
      await once(silent, "listening");
      const silentUrl = `http://localhost:${(silent.address() as AddressInfo).port}`;
      const at = [silentUrl, playground.envoy.url].join(",");
      await using tab = await playground.open(`#/cluster?at=${encodeURIComponent(at)}`);
      await shown(tab.page, ".main", "1 member", "timeout", "3.7.", "in use, quota 2 GiB");
      await using other = await playground.open(`#/cluster?at=${encodeURIComponent(silentUrl)}`);
      await shown(other.page, ".main", "No endpoint answers", "timeout");
    } finally {
      silent.close();
    }
  });

  it("adds a learner, gives it a vote once it has caught up, changes a URL, and removes it by its name", async () => {
    const [port, peerPort] = await freePorts(2);
    const plan = { name: "m4", address: `127.0.0.1:${port}`, peerAddress: `127.0.0.1:${peerPort}` };
    await using tab = await openCluster();
    const { page } = tab;
    await press(page, "Add a member…");
    await type(page, "Peer URLs", "10.0.0.4");
    await press(page, "Add");
    await shown(page, "[role=dialog]", "peerUrls are http://host:port", "invalid-argument");
    await type(page, "Peer URLs", `http://${plan.peerAddress}`);
    await press(page, "Add");
    await shown(page, "[role=dialog]", "--initial-cluster-state existing", `NAME=http://${plan.peerAddress}`);
    await press(page, "Done");
    await shown(page, ".main", "has not started", "Learner");
    const before = await members();
    const learner = before.find(({ peerURLs }) => peerURLs.includes(`http://${plan.peerAddress}`));
    expect(learner?.isLearner).to.equal(true);
    const id = BigInt(learner?.ID ?? 0).toString(16);
    await press(page, `Actions of ${id}`);
    await press(page, "Give it a vote", "menuitem");
    await shown(page, ".toasts", "failed-precondition");

    const others = before.filter(({ name }) => name !== undefined && name !== "");
    const plans = others.map(({ name = "", peerURLs: [url = ""] }) => ({
      name,
      address: "",
      peerAddress: new URL(url).host,
    }));
    const member = await clusterMember("3.7", plan, [...plans, plan], ["--initial-cluster-state=existing"]);
    parts.defer(() => member.stop());
    await member.start();
    await shown(page, ".main", "m4");
    await press(page, "Actions of m4");
    await press(page, "Give it a vote", "menuitem");
    await shown(page, ".toasts", "m4 has a vote now.");
    expect((await members()).find(({ name }) => name === "m4")).not.to.have.property("isLearner");

    await shown(page, ".main", "m4");
    await press(page, "Actions of m4");
    await press(page, "Change its URLs…", "menuitem");
    await type(page, "Peer URLs", `http://localhost:${peerPort}`);
    await press(page, "Change");
    await shown(page, ".main", `http://localhost:${peerPort}`);
    expect((await members()).find(({ name }) => name === "m4")?.peerURLs).to.deep.equal([
      `http://localhost:${peerPort}`,
    ]);

    await press(page, "Actions of m4");
    await press(page, "Remove…", "menuitem");
    await type(page, "Type m4 to go on", "m4");
    await press(page, "Remove m4");
    await shown(page, ".toasts", "m4 is no member any more.");
    expect((await members()).map(({ name }) => name)).to.have.members(["m1", "m2", "m3"]);
    expect(tab.complaints).to.deep.equal([]);
  });

  it("disarms an alarm", async () => {
    const leader = await cluster.leader();
    const { id: memberID } = await leader.status();
    await etcdJson(leader.address).ask("maintenance/alarm", { action: "ACTIVATE", memberID, alarm: "NOSPACE" });
    await using tab = await openCluster();
    await shown(tab.page, ".main", "no-space, raised by m");
    await press(tab.page, "Disarm…");
    await press(tab.page, "Disarm");
    await shown(tab.page, ".main", "No alarms");
    expect(await etcdctl("alarm", "list")).to.equal("");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("compacts, defragments, and downloads a snapshot that etcdutl restores", async () => {
    await using tab = await openCluster();
    const { page } = tab;
    await type(page, "Up to revision", "10");
    await press(page, "Compact…");
    await type(page, "Type 10 to go on", "10");
    await press(page, "Compact");
    await shown(page, ".toasts", "The history before revision 10 is gone.");
    expect(await etcdctl("get", "--rev=9", "counter").catch(String)).to.contain("compacted");
    expect(await etcdctl("get", "--rev=10", "--print-value-only", "counter")).to.equal("8");

    await page.locator('.table [aria-label^="Defragment"]').click();
    await press(page, "Defragment");
    await shown(page, ".toasts", "Defragmented", "before");

    const downloads = await downloadsOf(page);
    await press(page, "Download a snapshot");
    const file = await readFile(await downloads.next());
    await shown(page, ".main", ".db", "whole", file.subarray(-32).toString("hex"));
    await using restored = await startRestoredEtcd("3.7", file);
    const there = await goPeer(restored.address);
    expect(await there.etcdctl("get", "--print-value-only", "counter")).to.equal("19");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("does on an etcd in the page what there can be done, and nothing where it may only read", async () => {
    await using tab = await playground.open("#/cluster?at=memory:cluster");
    const { page } = tab;
    await shown(page, ".main", "1 member", "Leader", "No alarms");
    await press(page, "Add a member…");
    await type(page, "Peer URLs", "http://10.0.0.4:2380");
    await press(page, "Add");
    await press(page, "Done");
    await shown(page, ".main", "2 members", "Learner");
    await press(page, "Compact…");
    await type(page, "Type 1 to go on", "1");
    await press(page, "Compact");
    await shown(page, ".toasts", "The history before revision 1 is gone.");
    const downloads = await downloadsOf(page);
    await press(page, "Download a snapshot");
    expect((await readFile(await downloads.next())).length).to.be.greaterThan(32);
    await press(page, "Compare hashes");
    await shown(page, ".main", "There is one endpoint");

    const other = await tab.beside("#/cluster?at=memory:cluster&mode=read");
    await other.page.bringToFront();
    await shown(other.page, ".main", "2 members", "No alarms");
    const names = await other.page.$$eval(".panel-body button[disabled]", (all) =>
      all.map((one) => one.ariaLabel ?? one.innerText),
    );
    expect(names).to.include.members(["Add a member…", "Defragment in this page", "Compact…"]);
    await other.page.locator('[aria-label^="Actions of"]').click();
    expect(await other.page.$$eval("[role=menuitem]:not([aria-disabled])", (items) => items.length)).to.equal(0);
    expect(tab.complaints).to.deep.equal([]);
  });
});

interface StatusJson {
  readonly Status: { readonly header: { readonly cluster_id: string } };
}

/** Ids are beyond a number's reach: as text. */
function parseExactly(json: string): unknown {
  return JSON.parse(json.replace(/"(ID|cluster_id)":(\d+)/g, '"$1":"$2"'));
}

interface MemberJson {
  readonly ID: string;
  readonly name?: string;
  readonly peerURLs: readonly string[];
  readonly isLearner?: boolean;
}
