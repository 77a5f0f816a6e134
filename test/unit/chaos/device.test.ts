import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { suite, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { Device } from "../../chaos/device.ts";
import { openPath } from "../../chaos/path.ts";

suite("a device that sleeps", () => {
  test("keeps its timers and calls until it wakes, in either order, and those that were cancelled never run", async () => {
    for (const timersFirst of [true, false]) {
      await using path = await openPath(() => "http://localhost:1");
      const device = new Device(path);
      const { platform } = device;
      const ran: string[] = [];
      platform.onWake(() => ran.push("wake"));
      platform.setTimeout(() => ran.push("timer"), 1);
      const cancel = platform.setTimeout(() => ran.push("cancelled"), 1);
      device.sleep();
      const call = platform.fetch(path.url).catch(() => ran.push("call"));
      await sleep(50);
      expect(ran).to.deep.equal([]);
      cancel();
      device.wake(timersFirst);
      device.connect();
      await call;
      expect(ran).to.deep.equal([...(timersFirst ? ["timer", "wake"] : ["wake", "timer"]), "call"]);
    }
  });
});

suite("a path", () => {
  test("that two hold lets nothing through until both have let it go, and then everything once", async () => {
    await using server = await startServer();
    await using path = await openPath(() => server.url);
    path.hold();
    path.hold();
    let answered = false;
    const answer = fetch(path.url).then((response) => {
      answered = true;
      return response.text();
    });
    path.letGo();
    await sleep(50);
    expect(answered).to.equal(false);
    path.letGo();
    expect(await answer).to.equal("once");
    path.drop();
  });
});

async function startServer(): Promise<{ readonly url: string } & AsyncDisposable> {
  const server = createServer((_, response) => response.end("once"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => void server.close();
  return { url: `http://localhost:${port}`, [Symbol.asyncDispose]: stop };
}
