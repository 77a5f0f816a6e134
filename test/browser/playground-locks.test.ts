import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import type { Page } from "puppeteer-core";
import { eventually } from "../fixtures/eventually.ts";
import { type Playground, press, shown, startPlayground, type } from "./playground-page.ts";

const log = ".arena-log";

describe("the playground's leases and locks", { timeout: 240_000 }, () => {
  let playground: Playground;
  before(async () => {
    playground = await startPlayground();
  });
  after(() => playground?.[Symbol.asyncDispose]());

  /** Two contend, the first is killed, the second takes over when the lease has run out, and gives it back. */
  async function failOver(page: Page, verb: string, words: string, back: string, look: Look): Promise<void> {
    await press(page, `Ann: ${verb}`);
    await shown(page, log, `Ann ${words}`);
    await press(page, `Ben: ${verb}`);
    await shown(page, ".locks-columns table", "Ann", "Ben");
    await look(["Ann", "Ben"]);
    await press(page, "Kill Ann");
    await shown(page, log, "Ann is killed");
    const text = await page.$eval(log, (element) => (element as HTMLElement).innerText);
    expect(text).not.to.contain(`Ben ${words}`);
    await shown(page, log, "The lease of Ann has run out", `Ben ${words}`);
    await look(["Ben"]);
    await press(page, `Ben: ${back}`);
    await shown(page, log, "Ben gives it back");
    await shown(page, ".locks-columns", "Nobody stands in line");
    await look([]);
    await press(page, "Restart Ann");
    await press(page, `Ann: ${verb}`);
    await page.waitForFunction(
      (selector, wanted) => document.querySelector<HTMLElement>(selector)?.innerText.startsWith(wanted, 9),
      {},
      log,
      `Ann ${words}`,
    );
  }
  type Look = (holders: readonly string[]) => Promise<void>;

  it("a lock passes on when the client that has it is killed, in the page's etcd and in a real one", async () => {
    {
      await using tab = await playground.open("#/locks?ttl=3");
      await failOver(tab.page, "lock", "has the lock", "unlock", async () => {});
      expect(tab.complaints).to.deep.equal([]);
    }
    await using tab = await playground.openReal("#/locks?ttl=3&name=test/printer");
    await failOver(tab.page, "lock", "has the lock", "unlock", async (holders) => {
      await eventually("as many keys as clients in line", async () => {
        const keys = await playground.witness.list("test/printer/");
        return keys.length === holders.length ? true : undefined;
      });
    });
    expect(tab.complaints).to.deep.equal([]);
  });

  it("so does an office; what was held goes with the panel", async () => {
    const leases = (await playground.witness.leases()).length;
    {
      await using tab = await playground.openReal("#/locks?ttl=3&name=test/office&for=election");
      await failOver(tab.page, "campaign", "leads", "resign", async (holders) => {
        await eventually("the leader's name is the first key's value", async () => {
          const keys = await playground.witness.list("test/office/");
          const [first] = keys.toSorted((a, b) => Number(a.createRevision - b.createRevision));
          return first?.value === holders[0] ? true : undefined;
        });
      });
      await press(tab.page, "Add a client");
      await press(tab.page, "Cleo: campaign");
      await shown(tab.page, log, "Cleo waits");
      await press(tab.page, "Cleo: leave");
      await shown(tab.page, log, "Cleo leaves the line");
      await tab.page.evaluate(() => location.assign("#/code"));
      await eventually("no lease is left", async () => {
        return (await playground.witness.leases()).length <= leases ? true : undefined;
      });
    }
  });

  it("grants a lease, renews it and revokes it", async () => {
    const { witness } = playground;
    const before = await witness.leases();
    await using tab = await playground.openReal("#/locks");
    await tab.page.setViewport({ width: 1280, height: 1000 }); // Toasts cover nothing that is to be pressed.
    await type(tab.page, "Seconds to live", "600");
    await press(tab.page, "Grant a lease");
    const id = await eventually("a lease of the page's", async () =>
      (await witness.leases()).find((each) => !before.includes(each)),
    );
    const name = id.toString(16);
    await witness.put("leased/a", "1", id);
    await shown(tab.page, ".panel-body", name, "leased/a", "10 min");
    await press(tab.page, `Renew lease ${name}`);
    await press(tab.page, `Revoke lease ${name}`);
    await shown(tab.page, "[role=alertdialog]", "Its keys are deleted: leased/a");
    await press(tab.page, "Revoke the lease");
    await eventually("it is gone", async () => ((await witness.leases()).includes(id) ? undefined : true));
    expect(await witness.get("leased/a")).to.equal(undefined);
    expect(tab.complaints).to.deep.equal([]);
  });
});
