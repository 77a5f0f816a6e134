import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, constants, createServer, type ServerHttp2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { connect as connectTls } from "node:tls";
import { endWhenIdle } from "../../../src/gateway/server.ts";
import { makeCertificate } from "../../fixtures/certificate.ts";
import { temporaryFolder } from "../../fixtures/temporary-folder.ts";
import { startGateway } from "./fixture.ts";

describe("a connection of HTTP/2", () => {
  it("is ended when it is idle, also after a stream that was quiet", { timeout: 8_000 }, async () => {
    const server = createServer();
    const quiet = Promise.withResolvers<ServerHttp2Session>();
    server.on("session", (session) => {
      session.once("timeout", () => quiet.resolve(session));
      endWhenIdle(session, 500);
    });
    server.on("stream", (stream) => stream.on("error", () => {}).respond({ ":status": 200 }));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const client = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const ended = once(client, "close");
    const stream = client.request({ ":path": "/" }, { endStream: true }).on("error", () => {});
    await once(stream, "response");
    assert.equal((await quiet.promise).closed, false);
    stream.close(constants.NGHTTP2_CANCEL);
    await ended;
    server.close();
  });
});

describe("a server with a certificate", () => {
  const folder = temporaryFolder("server");
  let tls: { cert: string; key: string };
  before(async () => {
    const files = await makeCertificate((await folder).path);
    tls = { cert: await readFile(files.certificate, "utf8"), key: await readFile(files.key, "utf8") };
  });
  after(async () => (await folder).remove());

  it("ends a connection of HTTP/1.1 whose request does not come", async () => {
    await using started = await startGateway({ tls, limits: { requestMs: 1 } }); // and 5 s more for the server
    const { port } = started.gateway;
    const socket = connectTls({ port, host: "127.0.0.1", servername: "localhost", ca: tls.cert });
    socket.on("error", () => {}).resume();
    await once(socket, "secureConnect");
    socket.write("GET / HTTP/1.1\r\nhost: x\r\n");
    await once(socket, "close", { signal: AbortSignal.timeout(20_000) });
  });
});
