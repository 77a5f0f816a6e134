import { test } from "node:test";
import { expect } from "chai";
import { createEtcdOn } from "../../../../src/client/create-etcd.ts";
import { HeldWatch } from "../../../../src/live/tabs/held-watch.ts";
import { createFakePlatform } from "../../support/fake-platform.ts";
import { scriptEtcd } from "../../support/scripted-etcd.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const topic = { key: bytes("a"), rangeEnd: bytes("b"), prevKv: false, only: undefined, requireLeader: undefined };

/** A held watch at a server that is played: what it tells as text, and the watches that it has there by where they start. */
function heldScene(next: bigint) {
  const platform = createFakePlatform();
  const etcd = scriptEtcd();
  etcd.revision = 100n;
  const told: string[] = [];
  const held = new HeldWatch(createEtcdOn(platform, { transport: etcd.transport }), topic, next, (news) => {
    if (news.type === "failed") told.push(`${news.error.code} below ${news.below}`);
    else told.push(`${news.from}-${news.next}: ${news.batches.map(({ revision }) => revision)}`);
  });
  const send = async (start: bigint, response: object): Promise<string[]> => {
    await platform.pass(200);
    for (const stream of etcd.streams) {
      for (const { startRevision, watchId } of stream.creates) {
        if (startRevision === start && !stream.left.aborted) {
          stream.send({ header: { revision: etcd.revision }, watchId, ...response });
        }
      }
    }
    await platform.pass(0);
    return told.splice(0);
  };
  const put = (revision: bigint): object => ({
    events: [{ type: 0, kv: { key: bytes("a"), value: bytes("x"), modRevision: revision } }],
  });
  return { held, told, send, put };
}

test("a watch farther back speaks as soon as it is open, and is the only one as soon as it has caught up", async () => {
  const { held, told, send, put } = heldScene(20n);
  expect(await send(20n, { created: true })).to.deep.equal(["20-20: "]);
  expect(await send(20n, put(30n))).to.deep.equal(["20-31: 30"]);
  held.join(25n);
  expect(told.splice(0)).to.deep.equal(["25-31: 30"]);
  held.join(10n);
  expect(await send(20n, put(31n))).to.deep.equal(["31-32: 31"]);
  expect(await send(10n, { created: true })).to.deep.equal(["10-10: "]);
  expect(await send(20n, put(32n))).to.deep.equal([]);
  held.join(25n);
  expect(told.splice(0)).to.deep.equal(["10-10: "]);
  expect(await send(10n, put(12n))).to.deep.equal(["10-13: 12"]);
  expect(await send(10n, put(32n))).to.deep.equal(["13-33: 32"]);
  expect(await send(20n, put(33n))).to.deep.equal([]);
  expect(await send(10n, put(33n))).to.deep.equal(["33-34: 33"]);
  held.close();
});

test("a watch farther back that ends is those's who need it; the other goes on, and gives what it kept to itself", async () => {
  const { held, send, put } = heldScene(20n);
  await send(20n, { created: true });
  held.join(10n);
  await send(10n, { created: true });
  expect(await send(20n, put(30n))).to.deep.equal([]);
  const gone = await send(10n, { canceled: true, compactRevision: 90n });
  expect(gone).to.deep.equal(["compacted below 20", "20-31: 30"]);
  expect(await send(20n, put(31n))).to.deep.equal(["31-32: 31"]);
  const lost = await send(20n, { canceled: true, compactRevision: 90n });
  expect(lost).to.deep.equal(["compacted below undefined"]);
  held.close();
});

test("where the nearer watch ends first, the one farther back takes its place", async () => {
  const { held, send, put } = heldScene(20n);
  await send(20n, { created: true });
  held.join(10n);
  expect(await send(20n, { canceled: true, compactRevision: 90n })).to.deep.equal([]);
  expect(await send(10n, { created: true })).to.deep.equal(["10-10: "]);
  expect(await send(10n, put(12n))).to.deep.equal(["10-13: 12"]);
  held.close();
});
