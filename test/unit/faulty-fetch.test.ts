import { suite, test } from "node:test";
import { create, toBinary } from "@bufbuild/protobuf";
import { expect } from "chai";
import { WatchResponseSchema } from "../../src/proto.ts";
import { reasonOf } from "../contract/expectations.ts";
import { createFaultyFetch, type FaultyFetch } from "../fixtures/faulty-fetch.ts";
import { frame } from "./support/odd-server.ts";

const created = frame(0, toBinary(WatchResponseSchema, create(WatchResponseSchema, { created: true })));
const messages = [frame(0, toBinary(WatchResponseSchema, create(WatchResponseSchema))), created, frame(0, "")];
const whole = Buffer.concat([...messages, frame(0x80, "grpc-status: 0\r\n")]);
const url = "http://etcd.test/a";

/** A server of one response, sent in pieces of `size`; `left` counts the bodies that were not read to their end. */
function scene(size = whole.length): FaultyFetch & { left(): number } {
  let left = 0;
  const inner: typeof fetch = async (_input, init) => {
    let at = 0;
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start: (controller) => init?.signal?.addEventListener("abort", () => controller.error(init.signal?.reason)),
      pull(controller) {
        if (at >= whole.length) return controller.close();
        controller.enqueue(new Uint8Array(whole.subarray(at, at + size)));
        at += size;
      },
      cancel: () => void left++,
    });
    return new Response(body, { status: 200, headers: { "content-type": "application/grpc-web+proto" } });
  };
  return Object.defineProperties(
    { left: () => left },
    Object.getOwnPropertyDescriptors(createFaultyFetch(inner)),
  ) as FaultyFetch & { left(): number };
}

async function received(response: Response): Promise<{ bytes: Buffer; error: unknown }> {
  const pieces: Uint8Array[] = [];
  try {
    for await (const piece of response.body ?? []) pieces.push(piece);
  } catch (error) {
    return { bytes: Buffer.concat(pieces), error };
  }
  return { bytes: Buffer.concat(pieces), error: undefined };
}

suite("createFaultyFetch()", () => {
  test("passes everything on while nothing is asked of it", async () => {
    const faulty = scene(3);
    const response = await faulty.fetch(url);
    expect([response.status, response.headers.get("content-type")]).to.deep.equal([200, "application/grpc-web+proto"]);
    expect(faulty.openStreams).to.equal(1);
    expect(await received(response)).to.deep.equal({ bytes: whole, error: undefined });
    expect([faulty.openStreams, faulty.cuts, faulty.requests, faulty.left()]).to.deep.equal([0, 0, ["/a"], 0]);
  });

  test("cutAfterBytes(), cutAfterFrames() and cutAfterCreated() cut there, however the body comes", async () => {
    const ends = messages.map((_, i) => Buffer.concat(messages.slice(0, i + 1)).length);
    for (const size of [1, 4, whole.length]) {
      const faulty = scene(size);
      for (const [plan, bytes] of [
        [() => faulty.cutAfterBytes(0), 0],
        [() => faulty.cutAfterBytes(6), 6],
        [() => faulty.cutAfterBytes(whole.length - 1), whole.length - 1],
        [() => faulty.cutAfterFrames(1), ends[0]],
        [() => faulty.cutAfterFrames(3), ends[2]],
        [() => faulty.cutAfterCreated(), ends[1]],
      ] as const) {
        plan();
        const { bytes: got, error } = await received(await faulty.fetch(url));
        expect(got).to.deep.equal(whole.subarray(0, bytes));
        expect(error).to.be.instanceOf(TypeError);
      }
      expect([faulty.cuts, faulty.openStreams]).to.deep.equal([6, 0]);
    }
  });

  test("a cut may be an end, or a page in the midst and an end", async () => {
    const faulty = scene();
    faulty.cutAfterBytes(6, { how: "end" });
    expect(await received(await faulty.fetch(url))).to.deep.equal({ bytes: whole.subarray(0, 6), error: undefined });
    faulty.cutAfterBytes(6, { how: "page" });
    const { bytes, error } = await received(await faulty.fetch(url));
    expect([String(bytes.subarray(6, 15)), error]).to.deep.equal(["<!doctype", undefined]);
  });

  test("a stalled body says nothing until mend(), and ends when its signal is aborted or its reader leaves", async () => {
    const faulty = scene();
    for (const end of ["mend", "abort", "cancel"] as const) {
      const abort = new AbortController();
      faulty.cutAfterFrames(1, { how: "stall" });
      const { body } = await faulty.fetch(url, { signal: abort.signal });
      const reader = (body as ReadableStream<Uint8Array>).getReader();
      expect((await reader.read()).value?.length).to.equal(messages[0]?.length);
      const rest = reader.read();
      const silence = new Promise((resolve) => setTimeout(() => resolve("silence"), 50));
      expect(await Promise.race([rest, silence])).to.equal("silence");
      if (end === "mend") {
        faulty.mend();
        expect((await rest).value?.length).to.equal(whole.length - (messages[0]?.length ?? 0));
        await reader.cancel();
      }
      if (end === "abort") {
        abort.abort(new Error("enough"));
        expect(await reasonOf(rest)).to.equal(abort.signal.reason);
      }
      if (end === "cancel") {
        await reader.cancel();
        expect(await rest).to.include({ done: true });
      }
      expect(faulty.openStreams).to.equal(0);
    }
  });

  test("cut() breaks what is under way", async () => {
    const faulty = scene();
    const response = await faulty.fetch(url);
    faulty.cut();
    expect((await received(response)).error).to.be.instanceOf(TypeError);
    expect([faulty.openStreams, faulty.left()]).to.deep.equal([0, 1]);
  });

  test("refuse() and answer() stand for the server, for one path where told so", async () => {
    const faulty = scene();
    faulty.refuse();
    expect(await reasonOf(faulty.fetch(url))).to.be.instanceOf(TypeError);
    faulty.mend();
    faulty.answer({ status: 503, body: "no" }, { path: "/a" });
    const response = await faulty.fetch(url);
    expect([response.status, await response.text()]).to.deep.equal([503, "no"]);
    expect((await faulty.fetch("http://etcd.test/b")).status).to.equal(200);
    faulty.mend();
    expect((await faulty.fetch(url)).status).to.equal(200);
  });
});
