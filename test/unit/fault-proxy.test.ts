import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { suite, test } from "node:test";
import { expect } from "chai";
import { reasonOf, until } from "../contract/expectations.ts";
import { type FaultProxy, startFaultProxy } from "../fixtures/fault-proxy.ts";
import { frame } from "./support/odd-server.ts";

const messages = [frame(0, "one"), frame(0, ""), frame(0, "three".repeat(10_000))];
const trailers = frame(0x80, "grpc-status: 0\r\n");
const whole = Buffer.concat([...messages, trailers]);

/** A server that sends the frames, and the proxy before it. `/slow` sends the first and then waits for `finish`. */
interface Scene extends AsyncDisposable {
  readonly proxy: FaultProxy;
  /** Responses that the server has begun and neither ended nor lost. */
  open(): number;
  finish(): void;
}

async function scene(): Promise<Scene> {
  const waiting = new Set<ServerResponse>();
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === "/fixed") return void response.setHeader("content-length", whole.length).end(whole);
    if (request.url === "/nothing") return void response.writeHead(204).end();
    response.write(messages[0]);
    waiting.add(response);
    response.on("close", () => waiting.delete(response));
    if (request.url !== "/slow") finish(response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const proxy = await startFaultProxy(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    proxy,
    open: () => waiting.size,
    finish: () => waiting.forEach(finish),
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      server.closeAllConnections();
      server.close();
    },
  };
}

function finish(response: ServerResponse): void {
  for (const piece of [...messages.slice(1), trailers]) response.write(piece);
  response.end();
}

/** What comes of a response's body, and whether it came to its end. */
async function received(url: string): Promise<{ bytes: Buffer; isWhole: boolean }> {
  const response = await fetch(url, { method: "POST", body: "ask" });
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of response.body ?? []) pieces.push(piece);
  } catch {
    return { bytes: Buffer.concat(pieces), isWhole: false };
  }
  return { bytes: Buffer.concat(pieces), isWhole: true };
}

suite("startFaultProxy()", () => {
  test("passes everything on, one request after the other, while nothing is asked of it", async () => {
    await using at = await scene();
    for (const path of ["/chunked", "/fixed"]) {
      expect(await received(at.proxy.url + path)).to.deep.equal({ bytes: whole, isWhole: true });
    }
    expect((await fetch(`${at.proxy.url}/nothing`)).status).to.equal(204);
    expect(at.proxy.requests).to.deep.equal([
      { method: "POST", path: "/chunked" },
      { method: "POST", path: "/fixed" },
      { method: "GET", path: "/nothing" },
    ]);
    expect(at.proxy.connections).to.be.within(1, 3);
    expect([at.proxy.openStreams, at.proxy.cuts]).to.deep.equal([0, 0]);
  });

  test("cutAfterBytes() lets exactly so many bytes of the body through", async () => {
    await using at = await scene();
    for (const path of ["/chunked", "/fixed"]) {
      for (const bytes of [0, 1, 7, 8, 9, 13, 14, 40_000, whole.length - 1]) {
        at.proxy.cutAfterBytes(bytes);
        const expected = { bytes: whole.subarray(0, bytes), isWhole: false };
        expect(await received(at.proxy.url + path), `${path} ${bytes}`).to.deep.equal(expected);
      }
    }
    expect(at.proxy.cuts).to.equal(18);
    expect((await received(`${at.proxy.url}/chunked`)).isWhole).to.equal(true);
  });

  test("cutAfterFrames() counts messages, empty ones too, and not the trailers", async () => {
    await using at = await scene();
    for (const path of ["/chunked", "/fixed"]) {
      for (const frames of [0, 1, 2, 3]) {
        at.proxy.cutAfterFrames(frames);
        const bytes = Buffer.concat(messages.slice(0, frames));
        expect(await received(at.proxy.url + path), `${path} ${frames}`).to.deep.equal({ bytes, isWhole: false });
      }
      at.proxy.cutAfterFrames(4);
      expect((await received(at.proxy.url + path)).isWhole).to.equal(true);
    }
  });

  test("a planned cut is for one response, of its path where it names one", async () => {
    await using at = await scene();
    at.proxy.cutAfterBytes(3, { path: "/fixed" });
    at.proxy.cutAfterBytes(5, { path: "/fixed" });
    expect((await received(`${at.proxy.url}/chunked`)).isWhole).to.equal(true);
    expect((await received(`${at.proxy.url}/fixed`)).bytes.length).to.equal(3);
    expect((await received(`${at.proxy.url}/fixed`)).bytes.length).to.equal(5);
    expect((await received(`${at.proxy.url}/fixed`)).isWhole).to.equal(true);
  });

  test("a reset ends the response too, with no promise about what arrives", async () => {
    await using at = await scene();
    at.proxy.cutAfterFrames(1, { how: "reset" });
    const outcome = await received(`${at.proxy.url}/chunked`).catch(() => ({ isWhole: false }));
    expect(outcome.isWhole).to.equal(false);
  });

  test("cut() ends what is under way on both sides, and serves what comes next", async () => {
    await using at = await scene();
    const pending = received(`${at.proxy.url}/slow`);
    await until("the stream is open", () => at.open() === 1 && at.proxy.openStreams === 1);
    at.proxy.cut();
    expect((await pending).isWhole).to.equal(false);
    await until("the server has noticed", () => at.open() === 0 && at.proxy.openStreams === 0);
    expect((await received(`${at.proxy.url}/chunked`)).isWhole).to.equal(true);
  });

  test("a client that leaves is noticed behind the proxy", async () => {
    await using at = await scene();
    const leave = new AbortController();
    const response = await fetch(`${at.proxy.url}/slow`, { signal: leave.signal });
    expect([response.status, at.proxy.openStreams, at.open()]).to.deep.equal([200, 1, 1]);
    leave.abort();
    await until("nothing is open", () => at.open() === 0 && at.proxy.openStreams === 0);
  });

  test("stall() holds back what comes, on the present connections only where told so; mend() lets it through", async () => {
    await using at = await scene();
    const response = await fetch(`${at.proxy.url}/slow`);
    const body = response.bytes();
    let isWhole = false;
    void body.then(() => {
      isWhole = true;
    });
    at.proxy.stall("downstream", { spareNew: true });
    at.finish();
    await until("the server has sent all", () => at.open() === 0);
    expect((await received(`${at.proxy.url}/chunked`)).isWhole).to.equal(true);
    expect(isWhole).to.equal(false);
    await at.proxy.mend();
    expect(Buffer.from(await body)).to.deep.equal(whole);
  });

  test("stall() lets no end of a connection through either, and new connections only say nothing", async () => {
    await using at = await scene();
    const leave = new AbortController();
    await fetch(`${at.proxy.url}/slow`, { signal: leave.signal });
    at.proxy.stall("both");
    leave.abort();
    const answer = await Promise.race([fetch(`${at.proxy.url}/fixed`), sleep(200)]);
    expect([answer, at.open()]).to.deep.equal(["silence", 1]);
    await at.proxy.mend();
    await until("the end has come through", () => at.open() === 0);
  });

  test("a planned stall holds back what comes after its point", async () => {
    await using at = await scene();
    at.proxy.cutAfterFrames(1, { how: "stall" });
    const response = await fetch(`${at.proxy.url}/chunked`);
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    expect(Buffer.from((await reader.read()).value ?? [])).to.deep.equal(messages[0]);
    const rest = reader.read();
    expect(await Promise.race([rest, sleep(100)])).to.equal("silence");
    await at.proxy.mend();
    expect((await rest).value?.length).to.be.greaterThan(0);
    await reader.cancel();
  });

  test("delay() makes everything later", async () => {
    await using at = await scene();
    at.proxy.delay(150);
    const begun = Date.now();
    expect((await received(`${at.proxy.url}/fixed`)).isWhole).to.equal(true);
    expect(Date.now() - begun).to.be.at.least(290); // there and back, by timers that may fire a little early
  });

  test("refuse() closes the port, or resets; connections that are there go on; mend() opens the same port", async () => {
    for (const [how, code] of [
      ["closed", "ECONNREFUSED"],
      ["reset", "ECONNRESET"],
    ] as const) {
      await using at = await scene();
      const pending = received(`${at.proxy.url}/slow`);
      await until("the stream is open", () => at.open() === 1);
      at.proxy.refuse(how);
      const error = (await reasonOf(fetch(`${at.proxy.url}/fixed`))) as Error;
      expect(error.cause).to.include({ code });
      at.finish();
      expect((await pending).isWhole).to.equal(true);
      await at.proxy.mend();
      expect((await received(`${at.proxy.url}/fixed`)).isWhole).to.equal(true);
    }
  });

  test("answer() answers in the server's place, for one path where told so", async () => {
    await using at = await scene();
    const page = { status: 200, headers: { "content-type": "text/html" }, body: "<!doctype html>" };
    at.proxy.answer(page, { path: "/chunked" });
    const response = await fetch(`${at.proxy.url}/chunked`, { method: "POST", body: "ask" });
    expect([response.status, response.headers.get("content-type"), await response.text()]).to.deep.equal([
      200,
      "text/html",
      "<!doctype html>",
    ]);
    expect((await received(`${at.proxy.url}/fixed`)).isWhole).to.equal(true);
    at.proxy.answer({ status: 503 });
    expect((await fetch(`${at.proxy.url}/fixed`)).status).to.equal(503);
    await at.proxy.mend();
    expect((await received(`${at.proxy.url}/chunked`)).isWhole).to.equal(true);
  });
});

/** For what must not happen: a test can only give it some time. */
function sleep(ms: number): Promise<"silence"> {
  return new Promise((resolve) => setTimeout(() => resolve("silence"), ms));
}
