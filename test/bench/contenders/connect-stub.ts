import { create, toBinary } from "@bufbuild/protobuf";
import { createClient, type Transport } from "@connectrpc/connect";
import { createAsyncIterable, encodeEnvelopes } from "@connectrpc/connect/protocol";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { toKeyRange } from "../../../src/base/range.ts";
import {
  type WatchRequest,
  WatchRequestSchema,
  Watch as WatchService,
} from "../../../src/gen/etcdserverpb/watch_pb.ts";
import { type Contender, type Listen, openEach, type Place, type Target, untilStopped } from "./contender.ts";
import { countCreates } from "./count-creates.ts";

/** How the stub is used. */
interface Use {
  /** Answers may come in parts. */
  readonly fragment?: boolean;
  /** When the connection is lost, the loop that one writes then: again, at once, from where each watch was. */
  readonly reopen?: boolean;
}

/** The bare Connect stub, all watches in one body: what every figure is compared with. */
export function createConnectStub({ envoy }: Place, { fragment = false, reopen = false }: Use = {}): Contender {
  const { fetch, count } = countCreates();
  const stop = new AbortController();
  async function open(targets: readonly Target[], listen: Listen): Promise<() => void> {
    const ended = new AbortController();
    const signal = AbortSignal.any([stop.signal, ended.signal]);
    const next = targets.map(({ startRevision }) => startRevision);
    const { promise: opened, resolve, reject } = Promise.withResolvers<void>();
    let missing = targets.length;
    const read = async (): Promise<void> => {
      const requests = targets.map((target, i) => toRequest({ ...target, startRevision: next[i] }, i, fragment));
      const client = createClient(WatchService, withBody(envoy, fetch, requests));
      for await (const response of client.watch(createAsyncIterable(requests), { signal })) {
        if (response.created && --missing === 0) resolve();
        if (reopen) next[Number(response.watchId) - 1] = Number(response.header?.revision ?? 0n) + 1;
        if (response.events.length > 0) listen(response.events.length, Number(response.watchId) - 1);
      }
    };
    if (reopen) void untilStopped(signal, read);
    else read().catch(reject);
    await opened;
    return () => ended.abort();
  }
  return { open, close: async () => stop.abort(), creates: count };
}

/** The bare Connect stub, a call for each watch. */
export function createConnectStubEach(place: Place): Contender {
  const stub = createConnectStub(place);
  return {
    ...stub,
    open: (targets, listen) => openEach(targets, listen, (target, heard) => stub.open([target], heard)),
  };
}

/** connect-web as it is, but for a body that holds all requests: it would send the first one, of another kind of method. */
function withBody(baseUrl: string, send: typeof fetch, requests: readonly WatchRequest[]): Transport {
  const body = encodeEnvelopes(...requests.map((each) => ({ flags: 0, data: toBinary(WatchRequestSchema, each) })));
  const web = createGrpcWebTransport({ baseUrl, fetch: (input, init) => send(input, { ...init, body }) });
  return {
    unary: web.unary,
    stream: (method, ...call) => web.stream({ ...method, methodKind: "server_streaming" } as typeof method, ...call),
  };
}

/** As this package asks, so that the same stream comes; in parts only where that is to be seen. */
function toRequest({ key, prefix, startRevision }: Target, index: number, fragment: boolean): WatchRequest {
  const value = {
    ...toKeyRange(prefix ? { prefix: key } : key),
    startRevision: BigInt(startRevision ?? 0),
    watchId: BigInt(index + 1),
    progressNotify: true,
    fragment,
  };
  return create(WatchRequestSchema, { requestUnion: { case: "createRequest", value } });
}
