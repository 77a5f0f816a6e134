import { type CallOptions, createClient, type StreamResponse, type Transport } from "@connectrpc/connect";
import { untilAborted } from "../../base/signals.ts";
import type { Clock } from "../../platform/clock.ts";
import { KV, Lease, Watch, type WatchCreateRequest, type WatchRequest, type WatchResponse } from "../../proto.ts";
import { HeldWatch } from "./held-watch.ts";
import type { OpenWatch } from "./open-watch.ts";
import { PairedStream } from "./paired-stream.ts";
import type { ProxyCalls } from "./proxied-watch.ts";
import type { ServerKind } from "./server-kind.ts";
import { SplitWatch } from "./split-watch.ts";

/** What is at the other end, and the time. */
export interface Behind {
  readonly clock: Clock;
  /** Of the connection there is now. */
  readonly kind: () => ServerKind;
}

/**
 * The same calls, where those that go both ways may be made by somebody who sends all and then listens. etcd itself
 * takes that; its `grpc-proxy` takes the end of the requests for the end of the call.
 */
export function throughHalfClosed(transport: Transport, behind: Behind): Transport {
  return {
    unary: transport.unary,
    async stream(method, signal, timeoutMs, header, input, contextValues) {
      // Each method has messages of its own, which its name does not tell the compiler.
      const answer = (message: AsyncIterable<unknown>): StreamResponse<never, never> => {
        const around = { service: method.parent, method, header: new Headers(), trailer: new Headers() };
        return { stream: true, ...around, message } as unknown as StreamResponse<never, never>;
      };
      if (method.parent.typeName === Watch.typeName) {
        const options = { signal, timeoutMs, headers: header, contextValues } as CallOptions;
        const requests = input as unknown as AsyncIterable<WatchRequest>;
        return answer(watch({ transport, options, behind }, requests));
      }
      if (method.parent.typeName === Lease.typeName) {
        const paired = new PairedStream(input);
        return answer(
          paired.answers(async (requests) => {
            return (await transport.stream(method, signal, timeoutMs, header, requests, contextValues)).message;
          }),
        );
      }
      return transport.stream(method, signal, timeoutMs, header, input, contextValues);
    },
  };
}

interface Call {
  readonly transport: Transport;
  readonly options: CallOptions;
  readonly behind: Behind;
}

async function* watch(call: Call, requests: AsyncIterable<WatchRequest>): AsyncGenerator<WatchResponse> {
  const { transport, options, behind } = call;
  const { signal = new AbortController().signal } = options;
  const { create, all } = await untilCreate(requests);
  if (create === undefined) return;
  const client = createClient(Watch, transport);
  const open: OpenWatch = (asks, own) => client.watch(asks, { ...options, signal: own });
  const kind = behind.kind();
  // Where it does not show, since the watch is refused, a call for each is right in either case.
  if (!(await untilAborted(kind.keepsIds(open, create), signal))) {
    const calls = { open, revision: revisions(call), clock: behind.clock };
    return yield* new SplitWatch(calls, signal).responses(all);
  }
  const answersProgress = (): Promise<boolean> => kind.answersProgress(transport, options.headers);
  yield* new HeldWatch(all, { clock: behind.clock, answersProgress }).responses(open, signal);
}

function revisions({ transport, options }: Call): ProxyCalls["revision"] {
  const { range } = createClient(KV, transport);
  return async (key, signal) => {
    const first = key.length === 0 ? Uint8Array.of(0) : key; // which is the same to a watch
    return (await range({ key: first, keysOnly: true }, { ...options, signal })).header?.revision ?? 0n;
  };
}

/** Reads up to the first watch that is asked for; `all` gives what was read once more, and then the rest. */
async function untilCreate(requests: AsyncIterable<WatchRequest>): Promise<{
  readonly create: WatchCreateRequest | undefined;
  readonly all: AsyncIterable<WatchRequest>;
}> {
  const iterator = requests[Symbol.asyncIterator]();
  const begun: WatchRequest[] = [];
  let create: WatchCreateRequest | undefined;
  while (create === undefined) {
    const { done, value } = await iterator.next();
    if (done) break;
    begun.push(value);
    if (value.requestUnion.case === "createRequest") create = value.requestUnion.value;
  }
  const all = async function* (): AsyncGenerator<WatchRequest> {
    yield* begun;
    yield* { [Symbol.asyncIterator]: () => iterator };
  };
  return { create, all: all() };
}
