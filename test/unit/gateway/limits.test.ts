import assert from "node:assert/strict";
import { once } from "node:events";
import { describe, it } from "node:test";
import { Code, ConnectError } from "@connectrpc/connect";
import { ClientAccounts } from "../../../src/gateway/client-accounts.ts";
import { clientOf } from "../../../src/gateway/client-address.ts";
import { createGateway } from "../../../src/gateway/index.ts";
import { type GatewayLimits, toLimitSettings } from "../../../src/gateway/limits.ts";
import { createMemoryEtcd } from "../../../src/memory/index.ts";
import { KV, Watch } from "../../../src/proto.ts";
import { until } from "../../contract/expectations.ts";
import { bytesOf, framed, openSocket, pathOf, sendRaw } from "../../gateway/raw.ts";

describe("who a client is", () => {
  const table: readonly [remote: string | undefined, forwarded: string | undefined, proxies: number, client: string][] =
    [
      ["192.0.2.1", undefined, 0, "192.0.2.1"],
      ["::ffff:192.0.2.1", undefined, 0, "192.0.2.1"],
      ["2001:db8:1:2:3:4:5:6", undefined, 0, "2001:db8:1:2"],
      ["2001:db8:1:2::1", undefined, 0, "2001:db8:1:2"],
      ["2001:db8::1", undefined, 0, "2001:db8:0:0"],
      ["2001:0DB8::1", undefined, 0, "2001:db8:0:0"],
      ["::1", undefined, 0, "0:0:0:0"],
      ["fe80::1%eth0", undefined, 0, "fe80:0:0:0"],
      [undefined, undefined, 0, ""],
      // Anybody can write the header where no proxy is trusted.
      ["192.0.2.1", "198.51.100.7", 0, "192.0.2.1"],
      ["192.0.2.1", "198.51.100.7", 1, "198.51.100.7"],
      ["192.0.2.1", "203.0.113.9, 198.51.100.7", 1, "198.51.100.7"],
      ["192.0.2.1", "203.0.113.9, 198.51.100.7", 2, "203.0.113.9"],
      ["192.0.2.1", "203.0.113.9,198.51.100.7", 3, "203.0.113.9"],
      ["192.0.2.1", undefined, 1, "192.0.2.1"],
      ["192.0.2.1", " , ", 1, "192.0.2.1"],
      // Some proxies write the port as well, which is another one for each connection.
      ["192.0.2.1", "203.0.113.7:51234", 1, "203.0.113.7"],
      ["192.0.2.1", "[::ffff:203.0.113.7]:51234", 1, "203.0.113.7"],
      ["192.0.2.1", "[2001:db8::1]:443", 1, "2001:db8:0:0"],
      ["192.0.2.1", "[2001:db8::1]", 1, "2001:db8:0:0"],
      ["192.0.2.1", "203.0.113.7:51234, 198.51.100.7:8", 2, "203.0.113.7"],
    ];
  for (const [remote, forwarded, proxies, client] of table) {
    it(`${remote}, forwarded for ${forwarded}, behind ${proxies}: ${client}`, () => {
      assert.equal(clientOf({ remote, forwarded }, proxies), client);
    });
  }
});

describe("what a client may take", () => {
  it("is so many calls at a time", () => {
    const { accounts, refused } = start({ callsPerClient: 2 });
    const [first, second, third] = ["a", "a", "a"].map((client) => accounts.ticket(client));
    first?.enter();
    second?.enter();
    assert.throws(() => third?.enter(), exhausted("callsPerClient"));
    accounts.ticket("b").enter();
    third?.leave(); // which never came in
    assert.throws(() => accounts.ticket("a").enter(), exhausted("callsPerClient"));
    first?.leave();
    first?.leave(); // twice is once
    accounts.ticket("a").enter();
    assert.throws(() => accounts.ticket("a").enter(), exhausted("callsPerClient"));
    assert.equal(refused(), 3);
  });

  it("is so many calls in a second, and twice as many after a pause", () => {
    const { accounts, advance } = start({ callsPerSecond: 10 });
    const passed = (tries: number): number => {
      let count = 0;
      for (let i = 0; i < tries; i++) {
        const ticket = accounts.ticket("a");
        try {
          ticket.enter();
          count++;
        } catch (error) {
          assert.ok(exhausted("callsPerSecond")(error));
        }
        ticket.leave();
      }
      return count;
    };
    assert.equal(passed(100), 20);
    advance(500);
    assert.equal(passed(100), 5);
    advance(60_000);
    assert.equal(passed(100), 20);
  });

  it("is so many bytes, by what it says and by what it sends", () => {
    const { accounts } = start({ requestBytes: 100 });
    const ticket = accounts.ticket("a");
    ticket.announced(100);
    assert.throws(() => ticket.announced(101), exhausted("requestBytes"));
    ticket.received(60);
    assert.throws(() => ticket.received(60), /grpc: received message larger than max/);
  });

  it("is a quarter of the bytes that come in, which are free again when it has gone", () => {
    const { accounts } = start({ receivingBytes: 400 });
    const [one, two] = [accounts.ticket("a"), accounts.ticket("a")];
    one.received(60);
    assert.throws(() => two.received(60), exhausted("receivingBytes"));
    two.leave();
    one.received(30);
    for (const client of ["b", "c", "d"]) accounts.ticket(client).received(90);
    assert.throws(() => accounts.ticket("e").received(50), exhausted("receivingBytes"));
    one.leave();
    accounts.ticket("f").received(50);
  });

  it("is not held by a request that came in whole, though its call goes on", async () => {
    await using memory = createMemoryEtcd();
    await using gateway = await createGateway({ memory, port: 0, limits: { receivingBytes: 40_000 } });
    const { port } = gateway;
    const key = new Uint8Array(9_000);
    const watch = framed(Watch.method.watch, { requestUnion: { case: "createRequest", value: { key } } });
    const range = { body: framed(KV.method.range, { key }) };
    const sockets = [openSocket(port), openSocket(port), openSocket(port)];
    for (const socket of sockets) {
      socket.write(bytesOf(port, { path: pathOf(Watch.method.watch), body: watch }));
      await once(socket, "data");
      await until("there is room for another", async () => (await sendRaw(port, range)).grpc === 0, 5_000);
    }
    assert.equal(gateway.activeRequests, sockets.length);
    for (const socket of sockets) socket.destroy();
  });

  it("is counted once, whether a request comes in whole or not", () => {
    const { accounts } = start({ receivingBytes: 400 });
    const ticket = accounts.ticket("a");
    ticket.received(90);
    ticket.whole();
    ticket.leave();
    accounts.ticket("a").received(100);
    assert.throws(() => accounts.ticket("a").received(1), exhausted("receivingBytes"));
  });

  it("may be without a bound", () => {
    const { accounts } = start({ callsPerSecond: Infinity, callsPerClient: Infinity, requestBytes: Infinity });
    for (let i = 0; i < 5_000; i++) accounts.ticket("a").enter();
    accounts.ticket("a").announced(2 ** 40);
  });

  it("is forgotten of who has nothing open, so that a crowd of clients costs no memory", () => {
    const { accounts, advance } = start({});
    accounts.ticket("who stays").enter();
    for (let i = 0; i < 50_000; i++) {
      const ticket = accounts.ticket(String(i));
      ticket.enter();
      ticket.leave();
      advance(1);
    }
    assert.ok(accounts.size < 15_000, String(accounts.size));
  });

  it("must be above 0, and known", () => {
    assert.throws(() => toLimitSettings({ callsPerClient: 0 }), /limits\.callsPerClient must be above 0/);
    assert.throws(() => toLimitSettings({ requestMs: Number.NaN }), /limits\.requestMs/);
    assert.throws(() => toLimitSettings({ callPerClient: 5 } as GatewayLimits), /no limits\.callPerClient/);
  });
});

function start(limits: GatewayLimits) {
  let now = 0;
  let refused = 0;
  const accounts = new ClientAccounts(
    toLimitSettings(limits),
    () => now,
    () => refused++,
  );
  return { accounts, advance: (ms: number) => (now += ms), refused: () => refused };
}

function exhausted(limit: string): (error: unknown) => boolean {
  return (error) =>
    error instanceof ConnectError && error.code === Code.ResourceExhausted && error.message.includes(`limits.${limit}`);
}
