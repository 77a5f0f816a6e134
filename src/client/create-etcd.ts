import type { Transport } from "@connectrpc/connect";
import { asyncDispose } from "../base/async-dispose.ts";
import { EtcdError } from "../base/errors.ts";
import { noPrefix } from "../base/prefix.ts";
import { compact } from "../kv/create-kv.ts";
import { KeepAlives } from "../lease/keep-alives.ts";
import { globalPlatform, type Platform } from "../platform/platform.ts";
import { toBaseUrls } from "../transport/base-urls.ts";
import { type Caller, createCaller, toTimeout } from "../transport/caller.ts";
import { checkedFetch } from "../transport/checked-fetch.ts";
import { createEndpoints, type Endpoints, onlyAt } from "../transport/endpoints.ts";
import { createHalfClosedTransport } from "../transport/grpc-web.ts";
import { StreamConnection } from "../watch/connection.ts";
import { WatchGroups } from "../watch/watch-groups.ts";
import type { Etcd } from "./etcd.ts";
import { type ClientInside, inside } from "./inside.ts";
import { createKeyspace } from "./keyspace.ts";
import type { EtcdOptions } from "./options.ts";
import { applyPlugins } from "./plugin.ts";
import { whenReady } from "./ready.ts";
import { lastChanges, presentRevision } from "./watch-reads.ts";

/**
 * A client. It does no I/O, starts no timer and draws no random number, so it may also stand at module scope of a
 * Worker: calls of all requests may share it there, but a watch or a lease ends with the request that has begun it, so
 * those want a client of the request's own, or of a Durable Object. Throws "invalid-argument" for options that cannot be.
 *
 * @example
 * ```ts
 * import { createEtcd } from "etcd-web";
 *
 * await using etcd = createEtcd({ endpoints: "https://etcd.example.com" });
 * await etcd.put("config/theme", "dark");
 * ```
 */
export function createEtcd(options: EtcdOptions): Etcd {
  return createEtcdOn(globalPlatform, options);
}

/** As {@link createEtcd}, on a platform of one's own: for tests that bring their clock. */
export function createEtcdOn(platform: Platform, options: EtcdOptions): Etcd {
  const timeoutMs = options.timeoutMs ?? 10_000;
  toTimeout(timeoutMs);
  const closing = new AbortController();
  const closed = closing.signal;
  const { now } = platform;
  const endpoints = createEndpoints({ ...toTransports(platform, options), auth: options.auth, now, closed });
  const chooseEndpoint = endpoints.choose;
  const callerOf = (among: Endpoints): Caller =>
    createCaller({ endpoints: among, platform, timeoutMs, headers: options.headers, closed });
  const caller = callerOf(endpoints);
  const connection = new StreamConnection();
  const watches = new WatchGroups({
    caller,
    platform,
    connection,
    pin: presentRevision(caller),
    lastChanges: lastChanges(caller),
    chooseEndpoint,
    severalEndpoints: endpoints.urls.length > 1,
    rejectToken: endpoints.rejectToken,
  });

  const name = [options.endpoints ?? []].flat().join(",");
  const requireLeader = options.requireLeader ?? true;
  const context = { caller, platform, timeoutMs, closed, requireLeader, chooseEndpoint };
  const keepAlives = new KeepAlives(context);

  async function close(): Promise<void> {
    watches.close(new EtcdError("closed", "Watch: the client is closed"));
    closing.abort(new EtcdError("closed", "The client is closed"));
    connection.close();
  }

  function at(endpoint: string | undefined): Caller {
    if (endpoint === undefined) return caller;
    const [url = ""] = toBaseUrls(endpoint, platform);
    return callerOf(onlyAt(endpoints, url));
  }

  const plugged = applyPlugins(options.plugins ?? [], caller, {
    platform,
    timeoutMs,
    endpoints: endpoints.urls.length || 1,
    chooseEndpoint,
  });
  const keyspace = createKeyspace(
    {
      kv: { caller: plugged, learned: {}, platform, timeoutMs },
      lease: context,
      keepAlives,
      watches,
      connection,
      name,
    },
    noPrefix,
  );
  const client: Etcd & { readonly [inside]: ClientInside } = {
    ...keyspace,
    [inside]: { ...keyspace[inside], at },
    compact: (revision, compactOptions) => compact(caller, revision, compactOptions),
    transport: endpoints.transport,
    connection,
    ready: (readyOptions) => whenReady(context, readyOptions),
    close,
    [asyncDispose]: close,
  };
  return client;
}

function toTransports(
  platform: Platform,
  options: EtcdOptions,
): { readonly transports: readonly Transport[]; readonly urls?: readonly string[] } {
  const { endpoints, transport, interceptors, fetch } = options;
  if ((endpoints === undefined) === (transport === undefined)) {
    throw new EtcdError("invalid-argument", "createEtcd takes either `endpoints` or `transport`");
  }
  if (transport !== undefined && (interceptors ?? fetch) !== undefined) {
    throw new EtcdError("invalid-argument", "`interceptors` and `fetch` go with `endpoints`: a transport has its own");
  }
  if (transport !== undefined) return { transports: [transport] };
  const checked = checkedFetch({ fetch: fetch ?? platform.fetch, origin: platform.origin });
  const base = { fetch: checked, interceptors: interceptors ?? [] };
  const urls = toBaseUrls(endpoints ?? [], platform);
  return { urls, transports: urls.map((baseUrl) => createHalfClosedTransport({ ...base, baseUrl })) };
}
