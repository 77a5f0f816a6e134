import type { MessageInitShape } from "@bufbuild/protobuf";
import type { WatchCreateRequest_FilterType, WatchRequestSchema, WatchResponse } from "../../../src/proto.ts";
import type { EtcdServer } from "../../fixtures/etcd.ts";

/** One watch, with its range as text. */
export interface Ask {
  readonly key: string;
  readonly rangeEnd?: string;
  readonly watchId?: bigint;
  readonly startRevision?: bigint;
  readonly filters?: WatchCreateRequest_FilterType[];
}

type Request = MessageInitShape<typeof WatchRequestSchema>;
type Open = (requests: AsyncIterable<Request>, signal: AbortSignal) => AsyncIterable<WatchResponse>;

/** Sends some creates, as a page does, and collects what comes back. */
export function follow(open: Open, asks: readonly Ask[]): AsyncDisposable & { readonly responses: WatchResponse[] } {
  const end = new AbortController();
  const responses: WatchResponse[] = [];
  const done = collect(open(requestsOf(asks), end.signal), responses).catch((error: unknown) => {
    if (!end.signal.aborted) throw error;
  });
  return {
    responses,
    async [Symbol.asyncDispose]() {
      end.abort();
      await done;
    },
  };
}

async function collect(from: AsyncIterable<WatchResponse>, to: WatchResponse[]): Promise<void> {
  for await (const response of from) to.push(response);
}

async function* requestsOf(asks: readonly Ask[]): AsyncGenerator<Request> {
  const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
  for (const { key, rangeEnd = "", ...ask } of asks) {
    const value = { progressNotify: true, ...ask, key: bytes(key), rangeEnd: bytes(rangeEnd) };
    yield { requestUnion: { case: "createRequest", value } };
  }
}

/** How many calls of Watch an etcd has been made, by its own count. */
export async function watchCalls({ address }: EtcdServer): Promise<number> {
  const metrics = await (await fetch(`http://${address}/metrics`)).text();
  const count = /^grpc_server_started_total\{grpc_method="Watch",.*\} (\d+)$/m.exec(metrics)?.[1];
  return Number(count ?? 0);
}
