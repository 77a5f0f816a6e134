import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import { editing } from "./playground-editing.ts";
import { hold } from "./playground-held.ts";
import { type Playground, press, shown, startPlayground, type Tab, writeValue } from "./playground-page.ts";

const dialog = "[role=dialog]";

describe("the playground, where several write the same key", { timeout: 240_000 }, () => {
  let playground: Playground;
  before(async () => {
    playground = await startPlayground();
  });
  after(() => playground?.[Symbol.asyncDispose]());

  it("says that they have written again while one merges, and merges again what has been made of it", async () => {
    const { witness } = playground;
    await using tab = await editing(playground, "twice", "1\n2\n3\n4\n5", "1\n2\n3\n4\n5, mine");
    const { page } = tab;
    await witness.put("twice", "1, theirs\n2\n3\n4\n5");
    await press(page, "Compare…");
    await shown(page, dialog, "both changes fit together");
    await writeValue(page, "Result", "1, theirs\n2\n3, by hand\n4\n5, mine");
    const revision = await witness.put("twice", "1, theirs again\n2\n3\n4\n5");
    await shown(page, dialog, `changed again at revision ${revision}`);
    expect(await isDisabled(tab, "Save the result"), "what would overwrite the second write").to.equal(true);
    await press(page, "Merge again");
    await shown(page, dialog, `revision ${revision}`, "both changes fit together");
    await press(page, "Save the result");
    await shown(page, ".toasts", "Saved twice at revision");
    const value = "1, theirs again\n2\n3, by hand\n4\n5, mine";
    expect((await witness.get("twice"))?.value).to.equal(value);
    await shown(page, ".value-state", "Saved");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("merges what the server has, also where no watch has told of it", async () => {
    const { witness } = playground;
    await using tab = await editing(playground, "early", "1\n2\n3\n4\n5", "1\n2\n3\n4\n5, mine");
    const { page } = tab;
    await using held = await hold(page, "Watch/Watch");
    const revision = await witness.put("early", "1, theirs\n2\n3\n4\n5");
    await press(page, "Save");
    await shown(page, dialog, `revision ${revision}`, "both changes fit together");
    const again = await witness.put("early", "1, theirs\n2\n3, theirs\n4\n5");
    await press(page, "Save the result");
    await shown(page, dialog, `changed again at revision ${again}`);
    await press(page, "Merge again");
    await press(page, "Save the result");
    await shown(page, ".toasts", "Saved early at revision");
    expect((await witness.get("early"))?.value).to.equal("1, theirs\n2\n3, theirs\n4\n5, mine");
    await held.release();
    await shown(page, ".key-detail", "Version\n4", "Saved");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("says that the key is gone, and creates it again with what was typed", async () => {
    const { witness } = playground;
    await using tab = await editing(playground, "gone", "1", "mine");
    const { page } = tab;
    await witness.delete("gone");
    await shown(page, ".value-behind", "deleted", "while you were editing");
    expect(await isDisabled(tab, "Save")).to.equal(true);
    await press(page, "Create it again");
    await shown(page, ".toasts", "Saved gone at revision");
    expect((await witness.get("gone"))?.value).to.equal("mine");
    await shown(page, ".key-detail", "Version\n1", "Saved");

    await writeValue(page, "Value of gone", "mine again");
    await using held = await hold(page, "Watch/Watch");
    await witness.delete("gone");
    await press(page, "Save");
    await shown(page, ".value-behind", "deleted");
    await press(page, "Create it again");
    await shown(page, ".value-state", "Saved");
    expect((await witness.get("gone"))?.value).to.equal("mine again");
    await held.release();
    await shown(page, ".key-detail", "Version\n1", "Saved");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("creates a key again that was deleted while one merged, and overwrites none that came instead", async () => {
    const { witness } = playground;
    await using tab = await editing(playground, "merged", "1\n2\n3\n4\n5", "1\n2\n3\n4\n5, mine");
    const { page } = tab;
    await witness.put("merged", "1, theirs\n2\n3\n4\n5");
    await press(page, "Compare…");
    await shown(page, dialog, "both changes fit together");
    await using _ = await hold(page, "Watch/Watch");
    await witness.delete("merged");
    await press(page, "Save the result");
    await shown(page, dialog, "has been deleted");
    const revision = await witness.put("merged", "1, theirs\n2\n3, new\n4\n5");
    await press(page, "Create it again");
    await shown(page, dialog, `changed again at revision ${revision}`);
    await press(page, "Merge again");
    await press(page, "Save the result");
    await shown(page, ".toasts", "Saved merged at revision");
    expect((await witness.get("merged"))?.value).to.equal("1, theirs\n2\n3, new\n4\n5, mine");
    expect(tab.complaints).to.deep.equal([]);
  });
});

async function isDisabled(tab: Tab, name: string): Promise<boolean> {
  return await tab.page.$eval(`::-p-aria([name='${name}'][role='button'])`, (button) =>
    button.hasAttribute("disabled"),
  );
}
