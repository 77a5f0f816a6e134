import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import { type Playground, press, shown, startPlayground, type } from "./playground-page.ts";

describe("the playground's shell", { timeout: 120_000 }, () => {
  let playground: Playground;
  before(async () => {
    playground = await startPlayground();
  });
  after(() => playground?.[Symbol.asyncDispose]());

  it("opens with an etcd in the page, and says nothing to the console", async () => {
    await using tab = await playground.open();
    await shown(tab.page, ".pill", "playground", "Live");
    await shown(tab.page, ".main", "Keys", "0 keys");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("goes to a real etcd, names it in the URL, and comes back", async () => {
    await playground.client.put("shell/a", "1");
    await using tab = await playground.open();
    await shown(tab.page, ".pill", "Live");
    await tab.page.keyboard.down("Control");
    await tab.page.keyboard.press("k");
    await tab.page.keyboard.up("Control");
    await type(tab.page, "Search", "change the conn", "searchbox");
    await shown(tab.page, "[role=dialog]", "Change the connection");
    await tab.page.keyboard.press("Enter");
    await press(tab.page, "At a URL", "radio");
    await type(tab.page, "Endpoint", "nonsense://");
    await press(tab.page, "Connect");
    await shown(tab.page, "[role=dialog]", "is not a URL that begins with http:// or https://");
    await type(tab.page, "Endpoint", playground.envoy.url);
    await press(tab.page, "Connect");
    await shown(tab.page, ".main", "shell/a");
    expect(decodeURIComponent(tab.page.url())).to.contain(`at=${playground.envoy.url}`);
    await tab.page.goBack();
    await shown(tab.page, ".main", "0 keys");
    expect(tab.complaints).to.deep.equal([]);
  });

  it("is opened where a link says", async () => {
    await playground.client.put("shell/b", "1");
    await using tab = await playground.openReal("#/keys");
    await shown(tab.page, ".main", "shell/b");
    expect(tab.complaints).to.deep.equal([]);
  });
});
