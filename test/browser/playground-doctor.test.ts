import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import { startEnvoy } from "../fixtures/envoy.ts";
import { seriousFaults } from "./playground-axe.ts";
import { type Playground, press, shown, startPlayground } from "./playground-page.ts";

describe("the playground's doctor", { timeout: 180_000 }, () => {
  let playground: Playground;
  before(async () => {
    playground = await startPlayground();
  });
  after(() => playground?.[Symbol.asyncDispose]());

  it("finds nothing wrong with the Envoy that ships, and ends", async () => {
    await using tab = await playground.openReal("#/doctor");
    await tab.page.locator(".switch").click();
    await press(tab.page, "Examine");
    await shown(tab.page, ".main", "Examine again", `Pages of ${playground.site.origin} may call and read the answers`);
    await shown(tab.page, ".main", "Reads need no sign-in", "It works. There is something worth knowing.");
    expect(await tab.page.$$eval('.doctor-finding[data-tone="bad"]', (faults) => faults.length)).to.equal(0);
    expect(await seriousFaults(tab.page)).to.deep.equal([]);
  });

  it("says which line mends an Envoy that does not let pages send what a watch sends", async () => {
    const { origin: allowOrigin } = playground.site;
    await using envoy = await startEnvoy({
      etcd: [playground.etcd.address],
      allowOrigin,
      overrides: ({ corsPolicy }) => {
        corsPolicy.allow_headers = "content-type,x-grpc-web,x-user-agent,grpc-timeout";
      },
    });
    await using tab = await playground.open(`#/doctor?at=${encodeURIComponent(envoy.url)}`);
    await tab.page.locator(".switch").click();
    await press(tab.page, "Examine");
    await shown(tab.page, ".main", "Examine again", "cors-headers-not-allowed", "allow_headers:", "hasleader");
  });

  it("holds a quiet stream, tells how far it is, and can be stopped", async () => {
    await using tab = await playground.openReal("#/doctor");
    await press(tab.page, "Examine");
    await shown(tab.page, ".main", "Looking at: quiet stream", "of 20 s");
    await press(tab.page, "Stop");
    await shown(tab.page, ".main", "Examine again");
  });

  it("examines an etcd in the page, where there is no proxy to look at", async () => {
    await using tab = await playground.open("#/doctor?at=memory:doctor");
    await press(tab.page, "Examine");
    await shown(tab.page, ".main", "Examine again");
    expect(await tab.page.$$eval(".doctor-finding", (findings) => findings.length)).to.be.greaterThan(3);
    expect(await tab.page.$$eval('.doctor-finding[data-tone="bad"]', (faults) => faults.length)).to.equal(0);
    expect(tab.complaints).to.deep.equal([]);
  });
});
