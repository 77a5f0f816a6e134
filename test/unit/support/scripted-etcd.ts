import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError, createRouterTransport, type Transport } from "@connectrpc/connect";
import { Stream } from "../../../src/base/stream.ts";
import { KV, Watch, type WatchCreateRequest, WatchResponseSchema } from "../../../src/proto.ts";

/** What a server sends in a watch's response. */
export type Response = MessageInitShape<typeof WatchResponseSchema>;

/** A watch stream as the server has it, driven by the test. */
export interface ServerStream {
  readonly creates: readonly WatchCreateRequest[];
  readonly headers: Headers;
  /** Aborted when the client has left. */
  readonly left: AbortSignal;
  /** The test has ended it. */
  readonly ended: boolean;
  send(response: Response): void;
  /** Ends the stream: with a status, or as a server that stops. */
  end(error?: ConnectError): void;
}

/** An etcd of which a test plays the watch side; reads answer with `revision`. */
export interface ScriptedEtcd {
  readonly transport: Transport;
  /** Of the store; events that are sent raise it. */
  revision: bigint;
  /** How many reads came. */
  reads: number;
  /** Keys that exist, by the revision that changed them last. */
  readonly changedAt: Map<string, bigint>;
  /** What reads answer beside the header; what `changedAt` says unless told. */
  range: { readonly count?: bigint; readonly kvs?: { readonly key: Uint8Array; readonly modRevision: bigint }[] };
  /** 0n, as tests that do not ask see it. */
  clusterId: bigint;
  /** What every transaction is answered, as by a proxy that lets none through. */
  txnError: ConnectError | undefined;
  /** Fails the next reads, one error each. */
  readonly readErrors: ConnectError[];
  /** What happens when a read has come. */
  onRead: () => void | Promise<void>;
  /** The watch streams opened so far. */
  readonly streams: readonly ServerStream[];
}

/** No server: what it sends is what the reference says that etcd sends, in orders that a real one shows rarely. */
export function scriptEtcd(): ScriptedEtcd {
  const streams: ServerStream[] = [];
  const countRead = async (): Promise<void> => {
    etcd.reads++;
    await etcd.onRead();
    const error = etcd.readErrors.shift();
    if (error) throw error;
  };
  const kvsOf = (key: Uint8Array): { modRevision: bigint }[] => {
    const modRevision = etcd.changedAt.get(new TextDecoder().decode(key));
    return modRevision === undefined ? [] : [{ modRevision }];
  };
  const etcd: ScriptedEtcd = {
    revision: 10n,
    reads: 0,
    changedAt: new Map(),
    range: {},
    clusterId: 0n,
    txnError: undefined,
    readErrors: [],
    onRead: () => {},
    streams,
    transport: createRouterTransport(({ rpc }) => {
      rpc(KV.method.range, async ({ key }) => {
        await countRead();
        return { kvs: kvsOf(key), ...etcd.range, header: { revision: etcd.revision, clusterId: etcd.clusterId } };
      });
      rpc(KV.method.txn, async ({ success }) => {
        await countRead();
        if (etcd.txnError) throw etcd.txnError;
        const responses = success.map(({ request }) => {
          if (request.case !== "requestRange") throw new ConnectError("only reads", Code.Unimplemented);
          return { response: { case: "responseRange" as const, value: { kvs: kvsOf(request.value.key) } } };
        });
        return { header: { revision: etcd.revision }, responses };
      });
      rpc(Watch.method.watch, async function* (requests, { requestHeader, signal }) {
        const creates: WatchCreateRequest[] = [];
        for await (const { requestUnion } of requests) {
          if (requestUnion.case === "createRequest") creates.push(requestUnion.value);
        }
        const responses = new Stream<Response>();
        signal.addEventListener("abort", () => responses.abort());
        let ended = false;
        streams.push({
          get ended() {
            return ended;
          },
          creates,
          headers: requestHeader,
          left: signal,
          send(response) {
            for (const { kv } of response.events ?? []) {
              if (kv?.modRevision && kv.modRevision > etcd.revision) etcd.revision = kv.modRevision;
            }
            responses.push(response);
          },
          end(error) {
            ended = true;
            responses.end(error === undefined ? {} : { error });
          },
        });
        for await (const response of responses) yield create(WatchResponseSchema, response);
      });
    }),
  };
  return etcd;
}
