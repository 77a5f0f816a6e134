import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { describe, it } from "node:test";
import { rangePath, send, startGateway } from "./fixture.ts";

const friend = "https://app.example.com";

/** Requests by what makes them; PORT stands for the gateway's own. */
const visitors: { readonly who: string; readonly headers: Record<string, string>; readonly refused?: RegExp }[] = [
  { who: "a program, by address", headers: { host: "127.0.0.1:PORT" } },
  { who: "a program, by name", headers: { host: "localhost:PORT" } },
  { who: "a program, by IPv6 address", headers: { host: "[::1]:PORT" } },
  { who: "a program, by a name in capitals", headers: { host: "LocalHost:PORT" } },
  { who: "a program, by a name that was allowed", headers: { host: "etcd.example.com:PORT" } },
  { who: "a proxy, by a name that was allowed", headers: { host: "etcd.example.com" } },
  { who: "a proxy, by a name and port that were allowed", headers: { host: "etcd.example.com:8443" } },
  {
    who: "its own page",
    headers: { host: "localhost:PORT", origin: "http://localhost:PORT", "sec-fetch-site": "same-origin" },
  },
  { who: "its own page behind a TLS proxy", headers: { host: "etcd.example.com", origin: "https://etcd.example.com" } },
  { who: "a page that was allowed", headers: { origin: friend, "sec-fetch-site": "cross-site" } },
  { who: "the address bar", headers: { "sec-fetch-site": "none" } },

  {
    who: "a page by a name of its own (DNS rebinding)",
    headers: { host: "evil.example.com:PORT", origin: "http://evil.example.com:PORT", "sec-fetch-site": "same-origin" },
    refused: /--allow-host evil\.example\.com:\d+/,
  },
  { who: "a name that ends like one of ours", headers: { host: "evil-localhost:PORT" }, refused: /--allow-host/ },
  {
    who: "a name that begins like one of ours",
    headers: { host: "localhost.evil.example.com:PORT" },
    refused: /--allow-host/,
  },
  { who: "a name of ours with a dot", headers: { host: "localhost.:PORT" }, refused: /--allow-host/ },
  { who: "another port", headers: { host: "localhost:1" }, refused: /--allow-host/ },
  { who: "an allowed name at a port that was not", headers: { host: "etcd.example.com:1" }, refused: /--allow-host/ },
  {
    who: "any other page",
    headers: { origin: "https://evil.example.com" },
    refused: /--allow-origin https:\/\/evil\.example\.com/,
  },
  {
    who: "a page of another port",
    headers: { origin: "http://localhost:1", "sec-fetch-site": "same-site" },
    refused: /--allow-origin http:\/\/localhost:1/,
  },
  {
    who: "a page of another scheme that was not allowed",
    headers: { origin: "http://app.example.com" },
    refused: /--allow-origin/,
  },
  {
    who: "a page below one that was allowed",
    headers: { origin: "https://a.app.example.com" },
    refused: /--allow-origin/,
  },
  { who: "a page whose origin goes on", headers: { origin: `${friend}.evil.example.com` }, refused: /--allow-origin/ },
  { who: "a file or a sandboxed frame", headers: { origin: "null" }, refused: /--allow-origin/ },
  {
    who: "another site that does not say which",
    headers: { "sec-fetch-site": "cross-site" },
    refused: /--allow-origin/,
  },
  {
    who: "another port that does not say which",
    headers: { "sec-fetch-site": "same-site" },
    refused: /--allow-origin/,
  },
];

describe("who may call", () => {
  for (const { who, headers, refused } of visitors) {
    it(`${refused ? "refuses" : "lets in"} ${who}`, async () => {
      await using started = await startGateway({
        origins: [friend],
        hosts: ["etcd.example.com", "etcd.example.com:8443"],
      });
      const { gateway, stub } = started;
      const own = Object.entries(headers).map(([name, value]) => [name, value.replace("PORT", String(gateway.port))]);
      const answer = await send(gateway, { headers: Object.fromEntries(own) });
      assert.equal(answer.status, refused ? 403 : 200);
      assert.equal(stub.calls, refused ? 0 : 1);
      if (refused) assert.match(answer.text, refused);
    });
  }

  it("refuses a second Host that would be allowed", async () => {
    await using started = await startGateway();
    const { gateway, stub } = started;
    const hosts = `Host: evil.example.com\r\nHost: localhost:${gateway.port}\r\n`;
    const status = await sendText(gateway.port, `POST ${rangePath} HTTP/1.1\r\n${hosts}Content-Length: 0\r\n\r\n`);
    assert.match(status, /^HTTP\/1\.1 40[03] /);
    assert.equal(stub.calls, 0);
  });

  for (const [what, lines] of Object.entries({ "without a Host": "1.0", "with an empty Host": "1.1\r\nHost: " })) {
    it(`refuses a request ${what}`, async () => {
      await using started = await startGateway();
      const request = `POST ${rangePath} HTTP/${lines}\r\nContent-Length: 0\r\n\r\n`;
      assert.match(await sendText(started.gateway.port, request), /^HTTP\/1\.1 403 /);
      assert.equal(started.stub.calls, 0);
    });
  }

  it("takes a link from another site, but is not put in its frames", async () => {
    await using started = await startGateway();
    const page = { method: "GET", path: "/" };
    const link = { "sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document" };
    assert.equal((await send(started.gateway, { ...page, headers: link })).status, 200);
    assert.equal(
      (await send(started.gateway, { ...page, headers: { ...link, "sec-fetch-dest": "iframe" } })).status,
      403,
    );
    // A form can be sent by a link's means; only its method tells.
    assert.equal((await send(started.gateway, { headers: link })).status, 403);
  });

  it("takes no * and no null for an origin", async () => {
    for (const origin of ["*", "null", "app.example.com", "https://*.example.com", "https://app.example.com/page"]) {
      await assert.rejects(startGateway({ origins: [origin] }), { code: "invalid-argument" }, origin);
    }
  });
});

async function sendText(port: number, text: string): Promise<string> {
  const socket = connect(port, "127.0.0.1").setEncoding("utf8");
  socket.write(text);
  const [answer] = await once(socket, "data");
  socket.destroy();
  return String(answer);
}
