import type { Transport } from "@connectrpc/connect";
import { EtcdError } from "../base/errors.ts";
import { KV } from "../gen/etcdserverpb/kv_pb.ts";
import { authenticate, Tokens } from "./authenticated.ts";
import { EndpointHealth } from "./endpoint-health.ts";
import { oneForAll } from "./one-for-all.ts";
import { judged, toChosen } from "./rotating.ts";
import type { Auth } from "./token-source.ts";

/** A probe must not outlast the patience of the calls that wait for it. */
const probeMs = 5_000;

/** What a client's endpoints are made of. */
export interface EndpointsOptions {
  readonly transports: readonly Transport[];
  /** Of the transports; none where they were not made of URLs. */
  readonly urls?: readonly string[];
  readonly auth?: Auth | undefined;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** Aborted when the client is closed. */
  readonly closed: AbortSignal;
}

/** The ways to etcd that a client has. */
export interface Endpoints {
  /** As given, in that order; none where there is a transport of one's own. */
  readonly urls: readonly string[];
  /** To whichever is well, signed. It repeats nothing, and its errors are Connect's. */
  readonly transport: Transport;
  /** To this one, well or not, signed. Not one of `urls`: "invalid-argument". */
  at(url: string): Transport;
  /** The one to use now. */
  choose(): Endpoint;
  /** Whether any has ever answered: until then, nothing says that the URLs are right. */
  readonly reached: boolean;
  /** The server has refused the present token in words rather than by a status. Undefined: there are no tokens. */
  readonly rejectToken: (() => void) | undefined;
}

/** One of them. */
export interface Endpoint {
  /** Signed; what becomes of its calls is remembered. */
  readonly transport: Transport;
  /** It has answered this client, and has not failed since. */
  readonly isProven: boolean;
  readonly isResting: boolean;
  /** There is another that does not rest. */
  readonly hasOther: boolean;
  /** One round trip, shared by all who wait for it: afterwards it is proven, or this rejects. */
  prove(headers: Headers | undefined): Promise<void>;
  /** It does not do. */
  failed(): void;
}

/** Does no I/O. */
export function createEndpoints({ transports, urls = [], auth, now, closed }: EndpointsOptions): Endpoints {
  const health = new EndpointHealth(transports.length, now);
  const unsigned = judged(transports, health);
  const plain = toChosen(unsigned, health);
  // A sign-in is nobody's call: it ends with the client.
  const unary: Transport["unary"] = (method, signal = closed, ...call) => plain.unary(method, signal, ...call);
  const tokens = auth && new Tokens(typeof auth === "function" ? auth({ ...plain, unary }) : auth);
  const signed = tokens ? unsigned.map((transport) => authenticate(transport, tokens)) : unsigned;
  const endpoints = signed.map((transport, index): Endpoint => {
    const prove = oneForEqual(async (headers) => {
      await probe(unsigned[index] as Transport, headers, closed).catch((error) => {
        if (!health.isProven(index)) throw error; // a refusal is an answer
      });
    });
    return {
      transport,
      get isProven() {
        return health.isProven(index);
      },
      get isResting() {
        return health.isResting(index);
      },
      get hasOther() {
        return health.hasOther(index);
      },
      prove,
      failed: () => health.failed(index),
    };
  });
  const choose = (): Endpoint => endpoints[health.choose()] as Endpoint;
  return {
    urls,
    transport: toChosen(signed, health),
    at(url) {
      const transport = signed[urls.indexOf(url)];
      if (transport) return transport;
      throw new EtcdError("invalid-argument", `${url} is not one of this client's endpoints: ${urls.join(", ")}`);
    },
    choose,
    get reached() {
      return health.reached;
    },
    rejectToken: tokens && (() => tokens.reject()),
  };
}

/** One of them, used for whatever is asked of it: no probe stands before a write, which may be to mend a member. */
export function onlyAt(endpoints: Endpoints, url: string): Endpoints {
  const transport = endpoints.at(url);
  const only: Endpoint = {
    transport,
    isProven: true,
    isResting: false,
    hasOther: false,
    prove: () => Promise.resolve(),
    failed: () => {},
  };
  return { ...endpoints, transport, choose: () => only, reached: true };
}

/** One for all who send the same: what stands before an endpoint may let some in, and others not. */
function oneForEqual(ask: Endpoint["prove"]): Endpoint["prove"] {
  const running = new Map<string, Endpoint["prove"]>();
  return (headers) => {
    const same = [...(headers ?? [])].join("\n");
    const run = running.get(same) ?? oneForAll(ask);
    running.set(same, run);
    return run(headers).finally(() => running.delete(same));
  };
}

// A linearizable read finds out a member that has lost the others; etcd's health service calls it well, and few proxies
// pass that on. Without a token, since a refusal will do too.
async function probe(transport: Transport, headers: Headers | undefined, closed: AbortSignal): Promise<void> {
  await transport.unary(KV.method.range, closed, probeMs, headers, { key: Uint8Array.of(0), countOnly: true });
}
