import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import type { Page } from "puppeteer-core";
import { type GoPeer, goPeer } from "../fixtures/go-peer.ts";
import { seriousFaults } from "./playground-axe.ts";
import { type Playground, press, shown, startPlayground, type } from "./playground-page.ts";

describe("the playground's users", { timeout: 180_000 }, () => {
  let playground: Playground;
  let etcdctl: GoPeer["etcdctl"];
  before(async () => {
    playground = await startPlayground();
    ({ etcdctl } = await goPeer(playground.etcd.address));
    await playground.witness.put("config/theme", "dark");
  });
  after(() => playground?.[Symbol.asyncDispose]());

  it("makes users and roles on a real etcd, asks who calls from then on, and stops asking", async () => {
    await using tab = await playground.openReal("#/users");
    const { page } = tab;
    await makeReader(page);
    expect(await etcdctl("role", "get", "reader")).to.match(
      /KV Read:\s+\[config\/, config0\)[\s\S]*KV Write:\s+jobs\b/,
    );
    expect(await etcdctl("user", "get", "ann")).to.contain("reader");

    await turnOn(page);
    expect(await refusal(etcdctl("get", "config/theme"))).to.contain("user name is empty");
    expect(await refusal(etcdctl("--user=ann:one", "get", "config/theme"))).to.contain("authentication failed");
    expect(await etcdctl("--user=ann:two", "get", "--print-value-only", "config/theme")).to.equal("dark");
    expect(await refusal(etcdctl("--user=ann:two", "put", "config/theme", "light"))).to.contain("permission denied");

    await takeAway(page);
    expect(await etcdctl("--user=root:secret", "role", "list")).to.equal("root");
    expect(await etcdctl("--user=root:secret", "user", "list")).to.equal("root");

    await turnOff(page);
    expect(await etcdctl("get", "--print-value-only", "config/theme")).to.equal("dark");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("does the same on an etcd in the page, where another window sees it", async () => {
    await using tab = await playground.open("#/users?at=memory:users");
    await makeReader(tab.page);
    const other = await tab.beside("#/users?at=memory:users");
    await shown(other.page, ".main", "ann", "reader", "keys that begin with config/", "the key jobs");
    await tab.page.bringToFront();
    await turnOn(tab.page);
    await other.page.bringToFront();
    await press(other.page, "Read again");
    await shown(other.page, ".main", "user name is empty");
    await tab.page.bringToFront();
    await takeAway(tab.page);
    await turnOff(tab.page);
    await other.page.bringToFront();
    await press(other.page, "Read again");
    await shown(other.page, ".main", "Authentication off", "root");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("changes nothing where it may only read", async () => {
    await using tab = await playground.open("#/users?at=memory:users&mode=read");
    await shown(tab.page, ".main", "No users yet");
    const enabled = await tab.page.$$eval(".panel-body button:not([disabled])", (buttons) =>
      buttons.map((b) => b.innerText),
    );
    expect(enabled).to.deep.equal([]);
  });

  it("has nothing serious against it, in light and in dark", async () => {
    await using tab = await playground.open("#/users?at=memory:users");
    await makeReader(tab.page);
    expect(await seriousFaults(tab.page)).to.deep.equal([]);
  });
});

/** A role that reads one prefix and writes one key, and ann, who has it and another password than at first. */
async function makeReader(page: Page): Promise<void> {
  await page.setViewport({ width: 1280, height: 900 }); // Toasts cover nothing that is to be pressed.
  await press(page, "New role…");
  await type(page, "Name", "reader");
  await press(page, "Create");
  await press(page, "Permission…");
  await type(page, "Prefix", "config/");
  await shown(page, "[role=dialog]", "That is keys that begin with config/.");
  await press(page, "Grant");
  await shown(page, ".main", "keys that begin with config/");
  await press(page, "Permission…");
  await press(page, "Write", "radio");
  await page.locator(".dialog .select").click();
  await press(page, "One key", "option");
  await type(page, "Key", "jobs");
  await press(page, "Grant");
  await shown(page, ".main", "the key jobs");
  await press(page, "New user…");
  await type(page, "Name", "ann");
  await type(page, "Password", "one");
  await press(page, "Create");
  await shown(page, ".main", "ann");
  await press(page, "Role");
  await press(page, "reader", "menuitem");
  await shown(page, 'li[aria-label="User ann"]', "reader");
  await press(page, "Change the password of ann");
  await type(page, "New password", "two");
  await press(page, "Change");
  await shown(page, ".toasts", "ann has another password");
}

async function turnOn(page: Page): Promise<void> {
  await press(page, "Turn authentication on…");
  await shown(page, "[role=dialog]", "a user root", "the user root has the role root", "will be made");
  await type(page, "Password for root", "secret");
  await type(page, "The same again", "secret");
  await press(page, "Turn it on");
  await shown(page, ".main", "Authentication on", "signed in as root");
}

/** The role from ann, a permission from the role; then both. */
async function takeAway(page: Page): Promise<void> {
  await press(page, "Take the role reader from ann");
  await shown(page, ".toasts", "ann no longer has the role reader");
  await press(page, "Take from reader: the key jobs");
  await shown(page, ".toasts", "Taken from reader");
  await press(page, "Delete the role reader");
  await type(page, "Type reader to go on", "reader");
  await press(page, "Delete reader");
  await shown(page, ".toasts", "The role reader is gone");
  await press(page, "Delete the user ann");
  await type(page, "Type ann to go on", "ann");
  await press(page, "Delete ann");
  await shown(page, ".toasts", "The user ann is gone");
}

async function turnOff(page: Page): Promise<void> {
  await press(page, "Turn authentication off…");
  await type(page, "Type disable to go on", "disable");
  await press(page, "Turn it off");
  await shown(page, ".main", "Authentication off");
}

/** What a command was refused with. */
async function refusal(command: Promise<string>): Promise<string> {
  return command.then(
    (said) => `it was not refused: ${said}`,
    (error: unknown) => String(error),
  );
}
