import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { Agent, request } from "node:https";
import { after, before, describe, it } from "node:test";
import { KV, Watch } from "../../../src/proto.ts";
import { until } from "../../contract/expectations.ts";
import { makeCertificate } from "../../fixtures/certificate.ts";
import { temporaryFolder } from "../../fixtures/temporary-folder.ts";
import { bytesOf, framed, openSocket, pathOf, type RawRequest, readOutcome } from "../../gateway/raw.ts";
import { rangePath, startGateway } from "./fixture.ts";

const headers = { connection: "keep-alive" };
const range: RawRequest = { headers, body: framed(KV.method.range, { key: Buffer.from("a") }) };
const watch: RawRequest = {
  headers,
  path: pathOf(Watch.method.watch),
  body: framed(Watch.method.watch, { requestUnion: { case: "createRequest", value: { key: Buffer.from("a") } } }),
};

describe("requests on one connection of HTTP/1.1", () => {
  it("lose it where they come behind a watch that goes on, and leave no call behind", async () => {
    await using started = await startGateway();
    const { gateway, stub } = started;
    const socket = openSocket(gateway.port);
    const requests = [watch, ...Array<RawRequest>(150).fill(range)];
    socket.write(Buffer.concat(requests.map((each) => bytesOf(gateway.port, each))));
    await readOutcome(socket);
    await until("no call is open", () => gateway.activeRequests === 0 && stub.watching === 0);
    assert.ok(stub.calls <= 1, `${stub.calls} calls`);
    assert.match(await gateway.metrics(), /refusals_total\{reason="request"\} [1-9]/);
  });

  it("are answered where the one before has its whole answer", async () => {
    await using started = await startGateway();
    const { port } = started.gateway;
    const socket = openSocket(port);
    const [first, last] = [{ connection: "keep-alive" }, { connection: "close" }];
    const page = { method: "GET", path: "/" };
    socket.write(Buffer.concat([first, last].map((headers) => bytesOf(port, { ...page, headers }))));
    assert.equal((await readOutcome(socket)).text.match(/200 OK/g)?.length, 2);
  });
});

describe("requests one after the other on a connection that stays", () => {
  const folder = temporaryFolder("one-at-a-time");
  let tls: { cert: string; key: string };
  before(async () => {
    const files = await makeCertificate((await folder).path);
    tls = { cert: await readFile(files.certificate, "utf8"), key: await readFile(files.key, "utf8") };
  });
  after(async () => (await folder).remove());

  it("are all answered on it, with TLS", async () => {
    await using started = await startGateway({ tls, limits: { callsPerSecond: Infinity } });
    const agent = new Agent({ keepAlive: true, maxSockets: 1, ca: tls.cert });
    const ports = new Set<number | undefined>();
    for (let i = 0; i < 1_000; i++) ports.add(await call(agent, started.gateway.port));
    agent.destroy();
    assert.deepEqual([ports.size, started.stub.calls], [1, 1_000]);
  });

  it("are all answered on it, by who sends the next within the turn in which the last answer ends", async () => {
    await using started = await startGateway({ limits: { callsPerSecond: Infinity } });
    const { port } = started.gateway;
    const socket = openSocket(port).setEncoding("latin1");
    let text = "";
    let answered = 0;
    await new Promise<void>((resolve) => {
      socket.on("close", () => resolve());
      socket.on("data", (chunk: string) => {
        text += chunk;
        if (!text.endsWith("0\r\n\r\n")) return;
        text = "";
        answered++;
        if (answered === 1_000) resolve();
        else socket.write(bytesOf(port, range));
      });
      socket.write(bytesOf(port, range));
    });
    socket.destroy();
    assert.equal(answered, 1_000);
  });
});

/** Makes a call and reads its answer. The port that it was sent from. */
function call(agent: Agent, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const type = { "content-type": "application/grpc-web+proto" };
    const outgoing = request({ agent, port, host: "localhost", method: "POST", path: rangePath, headers: type });
    outgoing.on("error", reject).on("response", (answer) => {
      const from = answer.socket.localPort;
      answer.resume().on("end", () => resolve(from));
    });
    outgoing.end(range.body);
  });
}
