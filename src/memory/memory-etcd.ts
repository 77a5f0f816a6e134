import { type ConnectRouter, createRouterTransport, type Transport } from "@connectrpc/connect";
import { asyncDispose } from "../base/async-dispose.ts";
import { type Clock, systemClock } from "../platform/clock.ts";
import { randomUint64 } from "../platform/random.ts";
import { errors } from "./errors.ts";
import { decodeState, encodeState } from "./saved-state.ts";
import { createServer } from "./server.ts";

/** Options of {@link createMemoryEtcd}. */
export interface MemoryEtcdOptions {
  /** What leases and progress notifications run by; the platform's unless given. A test that moves it by hand never sleeps. */
  readonly clock?: Clock | undefined;
  /**
   * How often a watch that asked for it hears where it stands; 10 000 unless given. Above 0; Infinity, as anything above
   * 2^31 - 1, is never.
   */
  readonly progressIntervalMs?: number | undefined;
  /** Unsigned 64-bit numbers for the ids of cluster, member and leases; the platform's randomness unless given. */
  readonly random?: (() => bigint) | undefined;
  /** What `save()` returned, to go on from; empty unless given. The time of each lease starts anew. */
  readonly state?: Uint8Array | undefined;
}

/** What can go wrong, on demand. */
export interface MemoryFaults {
  /** Cuts every stream, and refuses every call for so long. */
  unavailable(ms: number): void;
  /** Cuts every stream, as a proxy that restarts. */
  cutStreams(): void;
  /** Invalidates every token. Who signs in again goes on. */
  expireTokens(): void;
}

/** An etcd in this process. */
export interface MemoryEtcd extends AsyncDisposable {
  /** For `createEtcd({ transport })`, or for the stubs of "etcd-web/proto". */
  readonly transport: Transport;
  /** Makes it fail, for tests. */
  readonly faults: MemoryFaults;
  /** Registers etcd's services on a Connect router, so that a server can offer them. */
  routes(router: ConnectRouter): void;
  /** All that outlives a restart: identity, history, leases, users (of their passwords only hashes), roles. For `createMemoryEtcd({ state })`, in the same version of this package. */
  save(): Uint8Array;
  /** Ends every stream and refuses every further call. */
  close(): Promise<void>;
}

/**
 * An etcd without disk, network or cluster, whose answers, revisions and error texts are those of etcd 3.7, users and
 * roles, locks and elections included. What has no meaning without a disk or peers is its own: sizes and hashes; a
 * snapshot, which only `createMemoryEtcd({ state })` can read; a learner never catches up, and a second voter is refused.
 *
 * Throws a TypeError where `state` is not what `save()` returned, or `progressIntervalMs` is not above 0.
 *
 * @example
 * ```ts
 * import { createEtcd } from "etcd-web";
 * import { createMemoryEtcd } from "etcd-web/memory";
 *
 * await using memory = createMemoryEtcd();
 * await using etcd = createEtcd({ transport: memory.transport });
 * await etcd.put("greeting", "hello");
 * ```
 */
export function createMemoryEtcd(options: MemoryEtcdOptions = {}): MemoryEtcd {
  const { clock = systemClock, progressIntervalMs = 10_000, random = randomUint64 } = options;
  if (!(progressIntervalMs > 0)) throw new TypeError(`progressIntervalMs must be above 0, not ${progressIntervalMs}`);
  const server = createServer({
    clock,
    progressIntervalMs,
    random,
    state: options.state && decodeState(options.state),
  });
  const close = async (): Promise<void> => server.close();
  return {
    transport: createRouterTransport(server.routes),
    faults: {
      unavailable: server.unavailable,
      cutStreams: () => server.core.cut(errors.connectionLost()),
      expireTokens: () => server.core.access.tokens.clear(),
    },
    routes: server.routes,
    save: () => encodeState(server.core.state),
    close,
    [asyncDispose]: close,
  };
}
