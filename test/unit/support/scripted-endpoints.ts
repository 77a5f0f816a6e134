import { Code, ConnectError, createRouterTransport, type Transport } from "@connectrpc/connect";
import { EtcdError } from "../../../src/base/errors.ts";
import { Auth, KV } from "../../../src/proto.ts";
import { type Caller, createCaller } from "../../../src/transport/caller.ts";
import { createEndpoints, type Endpoints } from "../../../src/transport/endpoints.ts";
import type { Auth as AuthOption } from "../../../src/transport/token-source.ts";
import { createFakePlatform, type FakePlatform } from "./fake-platform.ts";

/** What becomes of a call: an answer, an error, or silence until it is left. */
export type Fate = "answer" | "silence" | ConnectError;

export interface ScriptedEndpoint {
  /** Of calls that nothing is planned for. */
  fate: Fate;
  /** Of the next reads and writes, one each. */
  readonly reads: Fate[];
  readonly writes: Fate[];
}

/** A client's calls to endpoints that a test plays, under a clock that it moves. */
export interface EndpointsScene {
  readonly platform: FakePlatform;
  readonly caller: Caller;
  readonly endpoints: Endpoints;
  readonly scripted: readonly ScriptedEndpoint[];
  /** What was called, such as "0 read", "1 write", and when, in milliseconds since the start. */
  readonly calls: readonly { readonly what: string; readonly at: number }[];
  /** The same without the times. */
  sent(): readonly string[];
  read(options?: { timeoutMs?: number; signal?: AbortSignal; once?: boolean }): Promise<unknown>;
  write(options?: { timeoutMs?: number; signal?: AbortSignal }): Promise<unknown>;
  close(): void;
}

export const unavailable = (words: string): ConnectError => new ConnectError(words, Code.Unavailable);
/** As a fetch fails that loses its connection: as likely as not after the request went out. */
export const lost = (): ConnectError =>
  ConnectError.from(new EtcdError("unavailable", "could not be reached", { mayHaveRun: true }));

export function endpointsScene(count: number, { auth }: { readonly auth?: AuthOption } = {}): EndpointsScene {
  const platform = createFakePlatform();
  const start = platform.now();
  const closing = new AbortController();
  const calls: { what: string; at: number }[] = [];
  const scripted = Array.from({ length: count }, (): ScriptedEndpoint => ({ fate: "answer", reads: [], writes: [] }));
  const answering = createRouterTransport(({ rpc }) => {
    rpc(KV.method.range, () => ({}));
    rpc(KV.method.put, () => ({}));
    rpc(Auth.method.authenticate, () => ({ token: "token" }));
  });
  const transports = scripted.map(
    (endpoint, index): Transport => ({
      async unary(method, signal, ...call) {
        const what = method.name === "Put" ? "write" : "read";
        calls.push({ what: `${index} ${what}`, at: platform.now() - start });
        const fate = endpoint[`${what}s`].shift() ?? endpoint.fate;
        if (fate === "answer") return await answering.unary(method, signal, ...call);
        if (fate !== "silence") throw fate;
        return await new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
      },
      stream: answering.stream,
    }),
  );
  const { now } = platform;
  const urls = transports.map((_, index) => `https://${index}.example`);
  const endpoints = createEndpoints({ transports, urls, auth, now, closed: closing.signal });
  const caller = createCaller({ endpoints, platform, timeoutMs: 10_000, closed: closing.signal });
  return {
    platform,
    caller,
    endpoints,
    scripted,
    calls,
    sent: () => calls.map(({ what }) => what),
    read: (options) => caller.read(KV.method.range, {}, options),
    write: (options) => caller.write(KV.method.put, {}, options),
    close: () => closing.abort(new EtcdError("closed", "The client is closed", { mayHaveRun: true })),
  };
}
