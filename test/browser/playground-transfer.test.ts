import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import type { ElementHandle, Page } from "puppeteer-core";
import { type GoPeer, goPeer } from "../fixtures/go-peer.ts";
import { type TemporaryFolder, temporaryFolder } from "../fixtures/temporary-folder.ts";
import { seriousFaults } from "./playground-axe.ts";
import { type Downloads, downloadsOf } from "./playground-downloads.ts";
import { canHold, hold } from "./playground-held.ts";
import { type Playground, press, shown, startPlayground, type } from "./playground-page.ts";

describe("the playground's import and export", { timeout: 180_000 }, () => {
  let playground: Playground;
  let etcdctl: GoPeer["etcdctl"];
  let folder: TemporaryFolder;
  before(async () => {
    playground = await startPlayground();
    folder = await temporaryFolder("transfer");
    ({ etcdctl } = await goPeer(playground.etcd.address));
  });
  after(async () => {
    await playground?.[Symbol.asyncDispose]();
    await folder?.remove();
  });

  it("takes every byte out of a real etcd, and puts it under another prefix, in transactions it takes", async () => {
    const { witness } = playground;
    await witness.put(Uint8Array.of(0x73, 0x2f, 0xff, 0x00), Uint8Array.of(0, 1, 0xfe, 0xff)); // "s/" and more
    await witness.put("s/text", '"quotes", a\nline, \u{1f41d}');
    await witness.put("s/empty", "");
    for (let index = 0; index < 300; index++) await witness.put(`s/n/${index}`, "x".repeat(9_000)); // 2.6 MiB
    await using tab = await playground.openReal("#/transfer?prefix=s/");
    const downloads = await downloadsOf(tab.page);
    const file = await exportNow(tab.page, downloads, "303 keys");
    const { keys } = JSON.parse(await readFile(file, "utf8"));
    expect(keys[0]).to.deep.equal({ key: "s/empty", value: "" });
    expect(keys.at(-1)).to.deep.equal({ key: { base64: "cy//AA==" }, value: { base64: "AAH+/w==" } });

    await importFile(tab.page, file);
    await type(tab.page, "Into", "t/");
    await press(tab.page, "Preview");
    await shown(tab.page, ".main", "303 created", "0 changed");
    await press(tab.page, "Apply 303 changes…");
    await press(tab.page, "Apply");
    await shown(tab.page, ".main", "303 unchanged", "Nothing to change");
    expect(await contents(etcdctl, "t/")).to.deep.equal(await contents(etcdctl, "s/"));
    expect(tab.complaints).to.deep.equal([]);
  });

  it("shows what would change, asks for the prefix, and leaves alone what somebody has changed since", async () => {
    await etcdctl("put", "p/a", "1");
    await etcdctl("put", "p/b", "1");
    await etcdctl("put", "p/c", "1");
    const file = join(folder.path, "p.json");
    const keys = [
      { key: "p/a", value: "2" },
      { key: "p/b", value: "1" },
      { key: "p/d", value: "1" },
    ];
    await writeFile(file, JSON.stringify({ format: "etcd-web/keys/1", prefix: "p/", keys }));
    await using tab = await playground.openReal("#/transfer");
    const { page } = tab;
    await importFile(page, file);
    await page.locator(".switch").click();
    await press(page, "Preview");
    await shown(page, ".main", "1 created", "1 changed", "1 deleted", "1 unchanged");
    await etcdctl("put", "p/c", "somebody else's");
    await confirmed(page, "Apply 3 changes…", "p/");
    await shown(page, ".main", "Somebody has changed a key since the preview", "conflict");
    expect(await etcdctl("get", "--print-value-only", "p/a")).to.equal("1");
    await press(page, "Preview");
    await shown(page, ".main", "somebody else's");
    await confirmed(page, "Apply 3 changes…", "p/");
    await shown(page, ".main", "Nothing to change");
    expect(await etcdctl("get", "--prefix", "p/")).to.equal("p/a\n2\np/b\n1\np/d\n1");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("shows no preview of another prefix than it would import into", async () => {
    await using tab = await playground.openReal("#/transfer", canHold);
    const { page } = tab;
    await shown(page, ".pill", "Ready");
    const keys = [{ key: "late/a", value: "1" }];
    await type(page, "Exported JSON", JSON.stringify({ format: "etcd-web/keys/1", prefix: "late/", keys }));
    await page.evaluate(() => {
      const seen: string[] = Object.assign(globalThis, { seen: [] }).seen;
      const look = (): unknown => seen.push(document.querySelector("table")?.innerText ?? "");
      new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
    });
    const held = await hold(page, "KV/Range");
    await press(page, "Preview");
    await type(page, "Into", "other/");
    await press(page, "Preview");
    await held.release();
    await shown(page, "table", "other/a");
    const seen = await page.evaluate(() => Reflect.get(globalThis, "seen") as string[]);
    expect(seen.filter((text) => text.includes("late/a"))).to.deep.equal([]);
    expect(tab.complaints).to.deep.equal([]);
  });

  it("does the same on an etcd in the page, and changes nothing where it may only read", async () => {
    await using tab = await playground.open("#/transfer?at=memory:transfer");
    const { page } = tab;
    const file = join(folder.path, "m.json");
    const keys = [
      { key: "m/a", value: "1" },
      { key: { base64: "bS//" }, value: { base64: "/w==" } },
    ];
    await writeFile(file, JSON.stringify({ format: "etcd-web/keys/1", prefix: "m/", keys }));
    await importFile(page, file);
    await press(page, "Preview");
    await shown(page, ".main", "2 created", "m/\\xff", "1 B, not text");
    await press(page, "Apply 2 changes…");
    await press(page, "Apply");
    await shown(page, ".main", "Nothing to change");
    const downloads = await downloadsOf(page);
    await type(page, "Keys that begin with", "m/");
    const exported = JSON.parse(await readFile(await exportNow(page, downloads, "2 keys"), "utf8"));
    expect(exported.keys).to.deep.equal(keys);

    const other = await tab.beside("#/transfer?at=memory:transfer&mode=read");
    await other.page.bringToFront();
    await importFile(other.page, file);
    await type(other.page, "Into", "n/");
    await press(other.page, "Preview");
    await shown(other.page, ".main", "2 created", "This connection is read-only.");
    expect(await other.page.$$(".panel-body .primary[disabled]")).to.have.length(1);
    expect(tab.complaints).to.deep.equal([]);
  });

  it("says where a file is wrong", async () => {
    await using tab = await playground.open("#/transfer?at=memory:transfer");
    const { page } = tab;
    await type(page, "Exported JSON", '{"a": 1}');
    await shown(page, ".main", '"format" is not "etcd-web/keys/1"');
    await type(page, "Exported JSON", '{"format":"etcd-web/keys/1","prefix":"a/","keys":[{"key":"b","value":""}]}');
    await shown(page, ".main", "keys[0].key does not begin with the prefix");
    expect(await seriousFaults(page)).to.deep.equal([]);
  });
});

async function exportNow(page: Page, downloads: Downloads, said: string): Promise<string> {
  await press(page, "Export");
  await shown(page, ".main", said);
  return downloads.next();
}

async function importFile(page: Page, file: string): Promise<void> {
  const input = (await page.waitForSelector("input[type=file]")) as ElementHandle<HTMLInputElement>;
  await input.uploadFile(file);
  await page.waitForFunction(isTaken); // Its prefix is shown then.
}

/** What overwrites or deletes wants the prefix typed. */
async function confirmed(page: Page, button: string, phrase: string): Promise<void> {
  await press(page, button);
  await type(page, `Type ${phrase} to go on`, phrase);
  await press(page, "Apply");
}

/** Keys, without their prefix, and values: by etcd's own command, in base64. */
async function contents(etcdctl: GoPeer["etcdctl"], prefix: string): Promise<readonly string[]> {
  const { kvs } = JSON.parse(await etcdctl("get", "--prefix", prefix, "-w", "json")) as {
    kvs: { key: string; value?: string }[];
  };
  return kvs.map(
    ({ key, value = "" }) => `${Buffer.from(key, "base64").subarray(prefix.length).toString("hex")} ${value}`,
  );
}

/** Runs in the page. */
function isTaken(): boolean {
  const [, into] = document.querySelectorAll<HTMLInputElement>(".transfer-prefix input");
  return into !== undefined && into.value !== "";
}
