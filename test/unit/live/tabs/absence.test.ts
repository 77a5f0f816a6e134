import { test } from "node:test";
import { expect } from "chai";
import { tabsScene } from "../../support/tabs-scene.ts";
import { record } from "./record.ts";

for (const busyMs of [2_500, 20_000]) {
  test(`a tab that was busy for ${busyMs} ms while it was asked what it wants still gets everything, and soon`, async () => {
    const { platform, origin, writer, open } = tabsScene();
    record(open().shared.watch({ prefix: "other/" }));
    await platform.pass(1_000);
    const busy = open();
    const seen = record(busy.shared.watch({ prefix: "config/" }));
    await platform.pass(28_500);
    expect([origin.watches, origin.holder === busy]).to.deep.equal([2, false]);
    busy.freeze();
    await platform.pass(busyMs);
    await writer.put("config/a", "1");
    busy.thaw();
    await platform.pass(5_000);
    await writer.put("config/a", "2");
    await platform.pass(100);
    expect(seen).to.deep.equal(["1", "2"]);
    await platform.pass(60_000);
    expect(origin.watches).to.equal(2);
  });
}
