import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import { clusterCode } from "../../playground/src/panels/cluster/cluster-code.ts";
import { type GoPeer, goPeer } from "../fixtures/go-peer.ts";
import { compileCopied, copied, runCopied } from "./playground-copied.ts";
import { type Playground, press, shown, startPlayground, type Tab, type, writeValue } from "./playground-page.ts";

describe("the playground's copied code", { timeout: 600_000 }, () => {
  let playground: Playground;
  let etcdctl: GoPeer["etcdctl"];
  const codes: string[] = [];
  before(async () => {
    playground = await startPlayground();
    ({ etcdctl } = await goPeer(playground.etcd.address));
  });
  after(() => playground?.[Symbol.asyncDispose]());

  async function open(hash: string): Promise<Tab> {
    const tab = await playground.openReal(hash);
    await tab.page.setViewport({ width: 1280, height: 1000 }); // Toasts cover nothing that is to be pressed.
    const { origin } = playground.site;
    await tab.page.browserContext().overridePermissions(origin, ["clipboard-read", "clipboard-sanitized-write"]);
    return tab;
  }

  /** What the button copies; compiled at the end. */
  async function copy({ page }: Tab, button?: string): Promise<string> {
    const code = await copied(page, button);
    codes.push(code);
    return code;
  }

  /** Copies what a dialog would do, leaves it, and does it by the code. */
  async function instead(tab: Tab, password = ""): Promise<string> {
    const code = await copy(tab);
    await press(tab.page, "Cancel");
    return runCopied(tab, code.replace("…", password));
  }

  it("does what the dialogs of the keys would", async () => {
    const { witness } = playground;
    await using tab = await open("#/keys?prefix=copied/");
    const { page } = tab;
    await press(page, "New key");
    await type(page, "Key", "copied/theme");
    await writeValue(page, "Value", "dark");
    await instead(tab);
    await shown(page, ".key-lines", "theme");
    expect((await witness.get("copied/theme"))?.value).to.equal("dark");
    await page.locator("::-p-text(theme)").click();
    await press(page, "More");
    await press(page, "Rename…", "menuitem");
    await type(page, "New key", "copied/colour");
    await instead(tab);
    expect((await witness.list("copied/")).map(({ key }) => key)).to.deep.equal(["copied/colour"]);
    await page.locator("::-p-text(colour)").click();
    await press(page, "More");
    await press(page, "Delete", "menuitem");
    await instead(tab);
    expect(await witness.count("copied/")).to.equal(0);
    expect(tab.complaints).to.deep.equal([]);
  });

  it("keeps the lease of a key that it renames", async () => {
    const { witness } = playground;
    const granted = (await witness.ask("lease/grant", { TTL: "900" })) as { readonly ID: string };
    const lease = BigInt(granted.ID);
    await witness.put("leased/old", "on", lease);
    await using tab = await open("#/keys?key=leased/old");
    const { page } = tab;
    await press(page, "More");
    await press(page, "Rename…", "menuitem");
    await type(page, "New key", "leased/new");
    await instead(tab);
    expect((await witness.list("leased/")).map((kv) => [kv.key, kv.lease])).to.deep.equal([["leased/new", lease]]);
    expect(tab.complaints).to.deep.equal([]);
  });

  it("does what the dialog of a key's time to live would", async () => {
    const { witness } = playground;
    await witness.put("copied/lives", "here");
    await using tab = await open("#/keys?key=copied/lives");
    const { page } = tab;
    // What the dialog offers first: a lease where there is none, none where there is one.
    for (const [version, granted] of [60, 0].entries()) {
      await page.waitForFunction(hasVersion, { polling: 50 }, version + 1);
      await press(page, "More");
      await press(page, "Time to live…", "menuitem");
      await instead(tab);
      const { lease = 0n } = (await witness.get("copied/lives")) ?? {};
      expect(lease === 0n ? 0 : await witness.grantedTtl(lease)).to.equal(granted);
    }
    expect(tab.complaints).to.deep.equal([]);
  });

  it("does what the buttons of leases do", async () => {
    const { witness } = playground;
    const before = await witness.leases();
    await using tab = await open("#/locks");
    const { page } = tab;
    await type(page, "Seconds to live", "700");
    await press(page, "Grant a lease");
    const grant = await copy(tab);
    const said = await runCopied(tab, grant);
    const granted = (await witness.leases()).filter((id) => !before.includes(id));
    expect(granted.length).to.equal(2);
    const [id] = granted.filter((each) => said.includes(String(each)));
    if (id === undefined) throw new Error(`None of ${granted} is in ${said}`);
    expect(await witness.grantedTtl(id)).to.equal(700);
    await press(page, `Renew lease ${id.toString(16)}`);
    await shown(page, ".toasts", `Lease ${id.toString(16)} has`);
    expect(await runCopied(tab, await copy(tab, "Copy as code"))).to.contain("700 seconds");
    await press(page, `Revoke lease ${id.toString(16)}`);
    await instead(tab);
    expect(await witness.leases()).not.to.contain(id);
    expect(tab.complaints).to.deep.equal([]);
  });

  it("brings back what the history would", async () => {
    const { witness } = playground;
    await witness.put("back/a", "1");
    const revision = await witness.put("back/b", "2");
    await witness.put("back/b", "changed");
    await witness.delete("back/a");
    await witness.put("back/c", "later");
    await using tab = await open("#/history?prefix=back/");
    const { page } = tab;
    const all = async (): Promise<readonly string[]> =>
      (await witness.list("back/")).map(({ key, value }) => `${key}=${value}`);
    await shown(page, ".entry-list", "back/c");
    await page.locator(".entry:nth-last-child(2)").click();
    await press(page, `All keys to ${revision}…`);
    await instead(tab);
    expect(await all()).to.deep.equal(["back/a=1", "back/b=2"]);
    await press(page, "Restore this value");
    const code = await copy(tab);
    await witness.put("back/b", "again");
    await runCopied(tab, code);
    expect(await all()).to.deep.equal(["back/a=1", "back/b=2"]);
    expect(tab.complaints).to.deep.equal([]);
  });

  it("does what the cluster's buttons do", async () => {
    const { witness } = playground;
    await witness.put("kept", "1");
    const revision = await witness.put("kept", "2");
    await using tab = await open("#/cluster");
    const { page } = tab;
    await shown(page, ".main", "1 member");
    await type(page, "Up to revision", String(revision));
    await press(page, "Compact…");
    await instead(tab);
    expect(await etcdctl("get", `--rev=${revision - 1n}`, "kept").catch(String)).to.contain("compacted");
    expect(await etcdctl("get", `--rev=${revision}`, "--print-value-only", "kept")).to.equal("2");

    await page.locator('.table [aria-label^="Defragment"]').click();
    await instead(tab);
    const [hash] = JSON.parse(
      await etcdctl("endpoint", "hashkv", `--rev=${revision}`, "-w", "json"),
    ) as readonly HashJson[];
    expect(await runCopied(tab, await copy(tab, "Copy comparing hashes as code"))).to.contain(
      hash?.HashKV.hash.toString(16) ?? "no hash",
    );
    expect(await runCopied(tab, await copy(tab, "Copy taking a snapshot as code"))).to.match(/\d{5,} bytes/);

    const { members } = (await witness.ask("cluster/member/list", {})) as { members: readonly { ID: string }[] };
    const alarm = { action: "ACTIVATE", memberID: members[0]?.ID, alarm: "NOSPACE" };
    await witness.ask("maintenance/alarm", alarm);
    await press(page, "Read again");
    await press(page, "Disarm…");
    await instead(tab);
    expect(await etcdctl("alarm", "list")).to.equal("");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("does what the dialogs of members would", async () => {
    await using tab = await open("#/cluster");
    const { page } = tab;
    await press(page, "Add a member…");
    await type(page, "Peer URLs", "http://127.0.0.1:9");
    await instead(tab);
    await press(page, "Read again");
    await shown(page, ".main", "has not started", "http://127.0.0.1:9");
    const learner = (await etcdctl("member", "list")).split("\n").find((line) => line.includes("127.0.0.1:9"));
    expect(learner).to.match(/true$/);
    const [id] = learner?.split(",") ?? [];
    await press(page, `Actions of ${id}`);
    await press(page, "Change its URLs…", "menuitem");
    await type(page, "Peer URLs", "http://127.0.0.1:10");
    await instead(tab);
    expect(await etcdctl("member", "list")).to.contain("http://127.0.0.1:10");
    await press(page, `Actions of ${id}`);
    await press(page, "Remove…", "menuitem");
    await instead(tab);
    expect(await etcdctl("member", "list")).not.to.contain("http://127.0.0.1:10");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("exports and imports what the panel would", async () => {
    const { witness } = playground;
    await witness.put("from/a", "text");
    await witness.put(Uint8Array.of(...Buffer.from("from/"), 0xff), Uint8Array.of(0, 0xfe));
    await using tab = await open("#/transfer?prefix=from/");
    const { page } = tab;
    await press(page, "Export");
    const exported = await copied(page, "Copy the JSON");
    const said = await runCopied(tab, await copy(tab, "Copy the export as code"));
    expect(JSON.parse(said.slice(said.indexOf("{"), said.lastIndexOf("}") + 1))).to.deep.equal(JSON.parse(exported));

    await witness.put("to/a", "other");
    await witness.put("to/c", "not in the file");
    await type(
      page,
      "Exported JSON",
      '{"format":"etcd-web/keys/1","prefix":"from/","keys":[{"key":"from/a","value":"text"},{"key":"from/b","value":{"base64":"/w=="}}]}',
    );
    await type(page, "Into", "to/");
    await page.locator(".switch").click();
    await press(page, "Preview");
    await shown(page, ".main", "1 created", "1 changed", "1 deleted");
    await runCopied(tab, await copy(tab, "Copy the import as code"));
    expect(await etcdctl("get", "--prefix", "to/", "--hex")).to.equal(
      [hex("to/a"), hex("text"), hex("to/b"), "\\xff"].join("\n"),
    );
    expect(tab.complaints).to.deep.equal([]);
  });

  it("does what the users' buttons do, without the passwords", async () => {
    await playground.witness.put("config/a", "1");
    await using tab = await open("#/users");
    const { page } = tab;
    const again = (...words: readonly string[]): Promise<void> =>
      press(page, "Read again").then(() => shown(page, ".main", ...words));
    await press(page, "New role…");
    await type(page, "Name", "reader");
    await instead(tab);
    await again("reader");
    await press(page, "Permission…");
    await type(page, "Prefix", "config/");
    await instead(tab);
    expect(await etcdctl("role", "get", "reader")).to.contain("[config/, config0)");
    await press(page, "New user…");
    await type(page, "Name", "ann");
    await type(page, "Password", "never-copied");
    await page.locator(".access-choices .checkbox").click();
    await instead(tab, "one");
    expect(await etcdctl("user", "get", "ann")).to.contain("reader");
    await again("ann", "config/");
    await press(page, "Change the password of ann");
    await type(page, "New password", "never-copied");
    await instead(tab, "two");

    // These are done at once: their code is offered afterwards. Undone by etcdctl, they are done again by it.
    await press(page, "Take the role reader from ann");
    const revokeRole = await copy(tab);
    await etcdctl("user", "grant-role", "ann", "reader");
    await runCopied(tab, revokeRole);
    expect(await etcdctl("user", "get", "ann")).not.to.contain("reader");
    await press(page, "Role");
    await press(page, "reader", "menuitem");
    const grantRole = await copy(tab);
    await etcdctl("user", "revoke-role", "ann", "reader");
    await runCopied(tab, grantRole);
    expect(await etcdctl("user", "get", "ann")).to.contain("reader");
    await press(page, "Take from reader: keys that begin with config/");
    const revoke = await copy(tab);
    await etcdctl("role", "grant-permission", "reader", "--prefix=true", "read", "config/");
    await runCopied(tab, revoke);
    expect(await etcdctl("role", "get", "reader")).not.to.contain("config");
    await etcdctl("role", "grant-permission", "reader", "--prefix=true", "read", "config/");

    await press(page, "Turn authentication on…");
    await type(page, "Password for root", "never-copied");
    await instead(tab, "secret");
    expect(await etcdctl("--user=ann:two", "get", "--print-value-only", "config/a")).to.equal("1");
    await etcdctl("--user=root:secret", "auth", "disable");

    await again("ann");
    await press(page, "Delete the role reader");
    await instead(tab);
    await press(page, "Delete the user ann");
    await instead(tab);
    expect(await etcdctl("role", "list")).to.equal("root");
    expect(await etcdctl("user", "list")).to.equal("root");
    expect(codes.join("")).not.to.contain("never-copied");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("compiles, with several endpoints too", async () => {
    expect(codes.length).to.be.greaterThan(20);
    const endpoints = ["https://a.example.com", "https://b.example.com"].map((endpoint) => ({
      endpoint,
      title: endpoint,
    }));
    const code = clusterCode(endpoints);
    const member = { id: 7n, name: "m", peerUrls: [], clientUrls: [], isLearner: true };
    const [endpoint] = endpoints;
    if (endpoint === undefined) throw new Error("There is one.");
    const several = [
      code.promote(member),
      code.lead(member, endpoint.endpoint),
      code.defragment(endpoint),
      code.snapshot(endpoint.endpoint),
      code.hashes(),
      code.compact(7n, true),
      code.add(["http://127.0.0.1:9"], false),
    ];
    await compileCopied([...codes, ...several]);
  });
});

/** Runs in the page. */
function hasVersion(version: number): boolean {
  return document.querySelector(".detail-facts")?.textContent?.includes(`Version${version}`) === true;
}

interface HashJson {
  readonly HashKV: { readonly hash: number };
}

function hex(text: string): string {
  return Array.from(Buffer.from(text), (byte) => `\\x${byte.toString(16).padStart(2, "0")}`).join("");
}
