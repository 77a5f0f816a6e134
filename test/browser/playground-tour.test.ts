import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import { seriousFaults } from "./playground-axe.ts";
import { compileCopied } from "./playground-copied.ts";
import { type Playground, press, shown, startPlayground } from "./playground-page.ts";

/** Each step: what it is called, how many things there are to do, and what happens then. */
const steps: readonly (readonly [title: string, actions: number, ...happens: string[]])[] = [
  ["A key and its value", 2, 'The value is "hello".'],
  ["Every write has a number", 3, "That is revision 4.", "At revision 2 it was red.", "Now it is green"],
  ["Keys stand in order", 3, "servers/a, servers/b, servers/c", "4 servers", "4 keys are gone"],
  ["Watch", 4, 'put "open" at revision 2', 'it was "open"', "delete at revision 4"],
  ["Nothing is lost", 2, '"it rains" at revision 3', '"the sun is out" at revision 5', "All three have arrived"],
  ["All or nothing", 2, "both keys were written", "Not booked: Ann has it"],
  ["A lease", 2, "The lease has run out, and etcd has deleted the key"],
  ["A lock", 3, "Ann has it", "Ben waits", "Ben has it now"],
  ["An election", 3, "Ann leads", "Ben leads", "Cleo leads"],
  ["Forgetting", 4, "At revision 3 it was 2.", "(compacted)", "It is 5, as before."],
];

/** What the steps' code stands among. */
const given = `import { compare, op } from "etcd-web";
import { createSession, type Session } from "etcd-web/recipes";
declare const session: Session;
declare function print(): void;
`;

describe("the playground's tour", { timeout: 180_000 }, () => {
  let playground: Playground;
  before(async () => {
    playground = await startPlayground();
  });
  after(() => playground?.[Symbol.asyncDispose]());

  it("goes through its ten steps by keyboard, each with something real, and remembers them", async () => {
    await using tab = await playground.open("#/tour");
    const { page } = tab;
    const codes: string[] = [];
    for (const [index, [title, actions, ...happens]] of steps.entries()) {
      await shown(page, ".tour-step", `Step ${index + 1} of 10`, title, "Nothing yet.");
      codes.push(await page.$eval(".tour-words pre", (pre) => pre.textContent ?? ""));
      await page.focus(".tour-actions button");
      for (let done = 0; done < actions; done++) {
        await page.waitForSelector(".tour-actions .primary:focus");
        await page.keyboard.press("Enter");
        await page.waitForFunction(countDone, {}, done + 1);
      }
      await shown(page, ".tour-log", ...happens);
      await shown(page, ".panel-meta", `${index + 1} of 10 steps done`);
      if (index + 1 < steps.length) await page.keyboard.press("n");
    }
    await compileCopied(codes.map((code) => `${given}{\n${code}\n}`));
    await press(page, "To your own keys");
    await shown(page, ".main", "Keys", "0 keys"); // It has played on etcds of its own.
    expect(tab.complaints).to.deep.equal([]);

    const again = await tab.beside("#/tour");
    await shown(again.page, ".panel-meta", "10 of 10 steps done");
    await shown(again.page, ".tour-step", "Step 10 of 10");
  });

  it("begins any step anew, goes back, and can be left", async () => {
    await using tab = await playground.open("#/tour?step=transaction");
    const { page } = tab;
    await press(page, "Book seat 7 for Ann");
    await shown(page, ".tour-keys", "ticket/Ann");
    await press(page, "Again");
    await shown(page, ".tour-log", "Nothing yet.");
    await shown(page, ".tour-keys", "seat/7", "free");
    await page.keyboard.press("p");
    await shown(page, ".tour-step", "Nothing is lost");
    await page.goBack();
    await shown(page, ".tour-step", "All or nothing");
    await press(page, "Leave the tour");
    await shown(page, ".main", "Keys");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("has nothing serious against it, in light and in dark, with its styles in order", async () => {
    await using tab = await playground.open("#/tour?step=transaction");
    const { page } = tab;
    await press(page, "Book seat 7 for Ann");
    await shown(page, ".tour-log", "Booked");
    expect(await seriousFaults(page)).to.deep.equal([]);
    // A button's own colour, which base.css has for all of them, wins only where the layers are in order.
    expect(await page.$eval(".tour-actions .primary", colours)).not.to.equal(await page.$eval("body", colours));
  });
});

/** Runs in the page. */
function countDone(done: number): boolean {
  return document.querySelectorAll('.tour-actions [data-done="true"]').length === done;
}

/** Runs in the page. */
function colours(element: Element): string {
  return getComputedStyle(element).color;
}
