import { after, before, describe, it } from "node:test";
import { fromBinary, toJson } from "@bufbuild/protobuf";
import { expect } from "chai";
import type { Page } from "puppeteer-core";
import { TxnRequestSchema } from "../../src/gen/etcdserverpb/kv_pb.ts";
import { seriousFaults } from "./playground-axe.ts";
import { compileCopied } from "./playground-copied.ts";
import { type Playground, press, shown, startPlayground, type } from "./playground-page.ts";

const result = ".txn-result";

describe("the playground's transaction builder", { timeout: 400_000 }, () => {
  let playground: Playground;
  before(async () => {
    playground = await startPlayground();
  });
  after(() => playground?.[Symbol.asyncDispose]());

  it("fills in compares and operations, and runs both branches, in the page's etcd and in a real one", async () => {
    for (const opened of [playground.open("#/transaction"), playground.openReal("#/transaction")]) {
      await using tab = await opened;
      const { page } = tab;
      await press(page, "Remove Compare 1");
      await press(page, "Remove Else 1");
      await press(page, "Add a compare");
      await type(page, "Compare 1: key", "txn/a");
      await type(page, "Then 1: key", "txn/a");
      await type(page, "Then 1: value", "first");
      await press(page, "Add to else");
      await choose(page, "Else 1: operation", "Get prefix");
      await type(page, "Else 1: key", "txn/");
      await press(page, "Run");
      await shown(page, result, "Then", "The compares held", "Put txn/a", "Created");
      await press(page, "Run");
      await shown(page, result, "Else", "A compare did not hold", "txn/a = first");
      await choose(page, "Compare 1: what", "has a value");
      await type(page, "Compare 1: against", "first");
      await type(page, "Then 1: value", "second");
      await press(page, "Add to then");
      await choose(page, "Then 2: operation", "Delete prefix");
      await type(page, "Then 2: key", "txn/old/");
      await press(page, "Run");
      await shown(page, result, "Then", "Replaced: first", "0 keys deleted");
      expect(tab.complaints).to.deep.equal([]);
    }
    expect((await playground.witness.get("txn/a"))?.value).to.equal("second");
  });

  it("shows the message that goes to etcd: its own gateway takes it, and the bytes are the same", async () => {
    await playground.witness.put("txn/lease", "1");
    await using tab = await playground.openReal("#/transaction");
    const { page } = tab;
    await press(page, "Examples");
    await press(page, "Move a key", "menuitem");
    await press(page, "Message", "radio");
    await shown(page, ".code-block", "requestPut");
    const json = await codeOf(page);
    await press(page, "Bytes", "radio");
    await shown(page, ".code-block", "0000  ");
    const bytes = Uint8Array.from(
      (await codeOf(page)).split("\n").flatMap((row) => row.slice(6, 53).trim().split(" ")),
      (byte) => Number.parseInt(byte, 16),
    );
    expect(toJson(TxnRequestSchema, fromBinary(TxnRequestSchema, bytes))).to.deep.equal(JSON.parse(json));

    await playground.witness.put("drafts/letter", "by hand");
    await playground.witness.delete("sent/letter");
    expect(await playground.witness.ask("kv/txn", JSON.parse(json))).to.include({ succeeded: true });
    expect((await playground.witness.get("sent/letter"))?.value).to.equal("Dear reader");
    expect(await playground.witness.get("drafts/letter")).to.equal(undefined);
  });

  it("opens as code in the editor, which runs it; its link brings it back", async () => {
    await playground.witness.delete("config/theme");
    await using tab = await playground.openReal("#/transaction");
    const { page } = tab;
    await press(page, "Examples");
    await press(page, "Create, only if it is missing", "menuitem");
    await type(page, "Then 1: value", "by code");
    // The URL is written a moment later, once for several letters.
    await page.waitForFunction((word) => decodeURIComponent(location.hash).includes(word), {}, "by+code");
    await page.reload();
    await shown(page, ".code-block", "compare.missing", "by code");
    await press(page, "Open in the editor");
    await press(page, "Run");
    await shown(page, ".code-output", "Done", "then");
    expect((await playground.witness.get("config/theme"))?.value).to.equal("by code");
    await page.goBack();
    await shown(page, ".code-block", "by code");
  });

  it("runs a transaction in a transaction: as a form, as a message and as code", async () => {
    const { witness } = playground;
    for (const opened of [playground.open("#/transaction"), playground.openReal("#/transaction")]) {
      await using tab = await opened;
      const { page } = tab;
      await type(page, "Compare 1: key", "nest/seat");
      await type(page, "Then 1: key", "nest/seat");
      await choose(page, "Else 1: operation", "Transaction");
      await press(page, "Else 1: Add a compare");
      await type(page, "Else 1: Compare 1: key", "nest/line");
      await press(page, "Else 1: Add to then");
      await type(page, "Else 1: Then 1: key", "nest/line");
      await type(page, "Else 1: Then 1: value", "waits");
      await press(page, "Else 1: Add to else");
      await choose(page, "Else 1: Else 1: operation", "Get prefix");
      await type(page, "Else 1: Else 1: key", "nest/");
      await press(page, "Run");
      await shown(page, result, "Then", "Put nest/seat", "Created");
      await press(page, "Run");
      await shown(page, result, "A transaction of its own", "Then", "Put nest/line", "Created");
      await press(page, "Run");
      await shown(page, result, "Else", "A transaction of its own", "nest/line = waits", "nest/seat = dark");
      await shown(page, ".code-block", "op.txn({");
      expect(await seriousFaults(page)).to.deep.equal([]);
      expect(tab.complaints).to.deep.equal([]);
    }
    expect((await witness.get("nest/line"))?.value).to.equal("waits");

    await using tab = await playground.openReal("#/transaction");
    const { page } = tab;
    await press(page, "Examples");
    await press(page, "A seat, else a place in line", "menuitem");
    await press(page, "Message", "radio");
    await shown(page, ".code-block", "requestTxn");
    const message: object = JSON.parse(await codeOf(page));
    expect(await witness.ask("kv/txn", message)).to.include({ succeeded: true });
    await witness.ask("kv/txn", message);
    expect((await witness.get("line/Ann"))?.value).to.equal("for seats/7");
    await witness.delete("line/Ann");
    await press(page, "TypeScript", "radio");
    await shown(page, ".code-block", "op.txn({");
    await compileCopied([await codeOf(page)]);
    await page.reload();
    await press(page, "Open in the editor");
    await press(page, "Run");
    await shown(page, ".code-output", "Done", "else");
    expect((await witness.get("line/Ann"))?.value).to.equal("for seats/7");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("says what is wrong before etcd is asked, and what etcd refuses", async () => {
    await using tab = await playground.openReal("#/transaction");
    const { page } = tab;
    await press(page, "Add to then");
    await shown(page, ".txn-side", "A line has no key yet");
    await type(page, "Then 2: key", "config/theme");
    await shown(page, ".txn-side", "op.put");
    await press(page, "Run");
    await shown(page, ".txn-side [role=alert]", "duplicate-key");
  });
});

async function choose(page: Page, label: string, option: string): Promise<void> {
  await page
    .locator(`::-p-xpath(//*[contains(@class, "field")][.//label[.="${label}"] or .//*[.="${label}"]]//button)`)
    .click();
  await press(page, option, "option");
}

function codeOf(page: Page): Promise<string> {
  return page.$eval(".code-block pre", (pre) => pre.textContent ?? "");
}
