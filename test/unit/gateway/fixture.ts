import { once } from "node:events";
import { type IncomingHttpHeaders, type IncomingMessage, request } from "node:http";
import { type ConnectRouter, createRouterTransport } from "@connectrpc/connect";
import { createGateway, type Gateway, type GatewayOptions } from "../../../src/gateway/index.ts";
import { KV, Watch } from "../../../src/proto.ts";

/** What etcd's place is taken by. */
export interface Stub {
  /** How many calls have come through. */
  calls: number;
  /** How many watches are open. */
  watching: number;
  /** The headers of the call that came last. */
  headers: Headers;
  /** The milliseconds it had left. */
  timeoutMs: number | undefined;
}

/** A gateway before a stub, which answers a range at once and a watch with one `created`, then silence. */
export async function startGateway(
  options: Partial<GatewayOptions> = {},
): Promise<{ gateway: Gateway; stub: Stub } & AsyncDisposable> {
  const stub: Stub = { calls: 0, watching: 0, headers: new Headers(), timeoutMs: undefined };
  const memory = { transport: createRouterTransport((router) => stubRoutes(router, stub)) };
  const gateway = await createGateway({ ...options, etcd: undefined, etcdTls: undefined, memory, port: 0 });
  return { gateway, stub, [Symbol.asyncDispose]: () => gateway.close() };
}

function stubRoutes(router: ConnectRouter, stub: Stub): void {
  router.service(KV, {
    range(_request, { requestHeader, timeoutMs }) {
      stub.calls++;
      stub.timeoutMs = timeoutMs();
      stub.headers = requestHeader;
      return {};
    },
  });
  router.service(Watch, {
    async *watch(_requests, { signal }) {
      stub.calls++;
      stub.watching++;
      signal.addEventListener("abort", () => stub.watching--, { once: true });
      yield { created: true };
      await once(signal, "abort");
    },
  });
}

/** The path of a call that the stub answers. */
export const rangePath = "/etcdserverpb.KV/Range";

/** An empty message as a gRPC-Web frame. */
export const emptyMessage: Uint8Array = new Uint8Array(5);

/** What came back. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** A request with exactly these headers, Host among them: `fetch` would set its own. */
export async function send(
  gateway: Pick<Gateway, "url">,
  { path = rangePath, method = "POST", headers = {}, body = emptyMessage }: RawRequest = {},
): Promise<Answer> {
  const type = method === "POST" ? { "content-type": "application/grpc-web+proto" } : {};
  const raw = request(gateway.url + path, { method, headers: { ...type, ...headers } });
  raw.end(method === "POST" ? body : undefined);
  const [response] = (await once(raw, "response")) as [IncomingMessage];
  let text = "";
  for await (const chunk of response.setEncoding("utf8")) text += chunk;
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

/** A request. By default one that succeeds. */
export interface RawRequest {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}
