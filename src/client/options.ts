import type { Interceptor, Transport } from "@connectrpc/connect";
import type { TokenSource } from "../transport/token-source.ts";
import type { EtcdPlugin } from "./plugin.ts";

/** How to reach etcd: by URL, or by any Connect transport. */
export interface EtcdOptions {
  /**
   * URL of a gRPC-Web proxy before etcd, or several: when one fails it rests, and calls go to the next. In a page it
   * may be relative. Or give `transport` instead.
   */
  readonly endpoints?: string | readonly string[] | undefined;
  /**
   * Any Connect transport, such as the memory etcd's or, on a server, connect-node's for gRPC. What it holds at once is
   * its own to limit: with `readMaxBytes`, watches ask for what is larger in parts.
   */
  readonly transport?: Transport | undefined;
  /** How to sign in: `passwordAuth(…)`, or tokens from elsewhere. */
  readonly auth?: TokenSource | ((transport: Transport) => TokenSource) | undefined;
  /**
   * Milliseconds for each call but streams, over all its attempts, unless it says otherwise. Default 10,000. Infinity:
   * no limit.
   */
  readonly timeoutMs?: number | undefined;
  /** Headers for every call. */
  readonly headers?: HeadersInit | undefined;
  /** Connect interceptors, the first one outermost. Only with `endpoints`: a transport has its own. */
  readonly interceptors?: readonly Interceptor[] | undefined;
  /** In place of the global fetch. Only with `endpoints`. */
  readonly fetch?: typeof fetch | undefined;
  /** Whether watches and keep-alives ask for a member that has a leader. False where the proxy's CORS does not list `hasleader`. Default true. */
  readonly requireLeader?: boolean | undefined;
  /** `batching()`, `monotonicReads()`: exports of their own, which only those ship who use them. The first is outermost. */
  readonly plugins?: readonly EtcdPlugin[] | undefined;
}
