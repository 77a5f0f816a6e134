import type { FindingCode } from "../../src/doctor/index.ts";
import { startEnvoy } from "../fixtures/envoy.ts";
import type { EnvoyConfig } from "../fixtures/envoy-config.ts";
import type { EtcdServer } from "../fixtures/etcd.ts";
import { startGrpcProxy } from "../fixtures/grpc-proxy.ts";
import { startNginx } from "../fixtures/nginx.ts";
import { startGatheringProxy } from "./gathering-proxy.ts";

/** A proxy that is running. */
export interface Proxy extends AsyncDisposable {
  readonly url: string;
}

/** A proxy that somebody has configured wrongly, as people do. */
export interface SickProxy {
  /** What is wrong with it. */
  readonly name: string;
  readonly start: (etcd: EtcdServer) => Promise<Proxy>;
  /** What the doctor has to call it. */
  readonly code: FindingCode;
  /** Faults unless it is said to be less. */
  readonly level?: "warning";
  /** Whose configuration, and a line that is to be advised. */
  readonly fix: readonly [of: string, line: RegExp];
}

/** Those that can be told at once. */
export const sickProxies: readonly SickProxy[] = [
  {
    name: "Envoy without CORS",
    start: envoy(({ connectionManager }) => {
      connectionManager.http_filters.shift();
      Reflect.deleteProperty(connectionManager.route_config.virtual_hosts[0], "typed_per_filter_config");
    }),
    code: "cors-refused",
    fix: ["Envoy", /^allow_origin_string_match: .*\bexact: http:\/\/localhost:3000 /],
  },
  {
    name: "Envoy with the CORS list of an ordinary gRPC-Web guide",
    start: envoy(({ corsPolicy }) => {
      corsPolicy.allow_headers = "content-type,x-grpc-web,x-user-agent,grpc-timeout,x-accept-content-transfer-encoding";
    }),
    code: "cors-headers-not-allowed",
    fix: ["Envoy", /^allow_headers: .*\btoken\b.*\bhasleader\b/],
  },
  {
    name: "Envoy whose CORS exposes nothing",
    start: envoy(({ corsPolicy }) => void Reflect.deleteProperty(corsPolicy, "expose_headers")),
    code: "cors-headers-not-exposed",
    fix: ["Envoy", /^expose_headers: grpc-status,grpc-message/],
  },
  {
    name: "Envoy that says nothing to a preflight",
    start: envoy(({ connectionManager }) => void connectionManager.http_filters.unshift(silentTo("OPTIONS"))),
    code: "cors-refused",
    fix: ["Envoy", /^allow_origin_string_match: /],
  },
  {
    name: "Envoy without the gRPC-Web filter",
    start: envoy(({ connectionManager }) => {
      connectionManager.http_filters = connectionManager.http_filters.filter(({ name }) => !/grpc_web/.test(name));
    }),
    code: "no-grpc-web-filter",
    fix: ["Envoy", /envoy\.filters\.http\.grpc_web/],
  },
  {
    name: "Envoy that speaks HTTP/1.1 to etcd",
    start: envoy(({ cluster }) => {
      const options = cluster.typed_extension_protocol_options as Record<string, Record<string, unknown>>;
      for (const each of Object.values(options)) each.explicit_http_config = { http_protocol_options: {} };
    }),
    code: "etcd-not-http2",
    fix: ["Envoy", /http2_protocol_options/],
  },
  {
    name: "Envoy that passes its prefix on",
    start: below(
      "/etcd",
      envoy(({ route }) => set(route, { match: { prefix: "/etcd/" } })),
    ),
    code: "wrong-path",
    fix: ["Envoy", /prefix_rewrite: "\/"/],
  },
  {
    name: "Envoy below a prefix that the URL lacks",
    start: envoy(({ route }) => {
      set(route, { match: { prefix: "/etcd/" } });
      set(route.route, { prefix_rewrite: "/" });
    }),
    code: "wrong-path",
    fix: ["Envoy", /prefix: "\/etcd\/"/],
  },
  {
    name: "Envoy with a route for KV alone",
    start: envoy(({ route }) => set(route, { match: { prefix: "/etcdserverpb.KV/" } })),
    code: "no-streams",
    fix: ["Envoy", /etcdserverpb\|v3lockpb/],
  },
  {
    name: "Envoy before an address where there is no etcd",
    start: () => startEnvoy({ etcd: ["127.0.0.1:1"] }),
    code: "etcd-unreachable",
    fix: ["Envoy", /socket_address: /],
  },
  {
    name: "Envoy before etcd's grpc-proxy",
    start: async (etcd) => {
      const grpcProxy = await startGrpcProxy(etcd);
      const { url, stop } = await startEnvoy({ etcd: [grpcProxy.address] });
      const dispose = async (): Promise<void> => {
        await stop();
        await grpcProxy[Symbol.asyncDispose]();
      };
      return { url, [Symbol.asyncDispose]: dispose };
    },
    code: "ended-at-once",
    fix: ["etcd-web", /npx etcd-web gateway/],
  },
  {
    name: "nginx that compresses",
    start: nginxBeforeEnvoy("gzip on; gzip_types *;"),
    code: "buffered",
    fix: ["nginx", /^gzip off;$/],
  },
  {
    name: "a proxy that passes the first piece of an answer on and gathers the rest",
    start: async (etcd) => {
      const envoy = await startEnvoy({ etcd: [etcd.address] });
      const gathering = await startGatheringProxy(envoy.url);
      return { url: gathering.url, [Symbol.asyncDispose]: () => gathering.stop().then(envoy.stop) };
    },
    code: "buffered",
    fix: ["nginx", /^proxy_buffering off;$/],
  },
  {
    name: "nginx with its own limit for bodies",
    start: nginxBeforeEnvoy("proxy_buffering off;", ""),
    code: "request-limit",
    level: "warning",
    fix: ["nginx", /^client_max_body_size 2m;$/],
  },
  {
    name: "nginx with grpc_pass, as for programs that speak gRPC",
    start: (etcd) => startNginx(`grpc_pass grpc://${etcd.address};`),
    code: "no-grpc-web-filter",
    fix: ["nginx", /proxy_pass /],
  },
  {
    name: "nginx before etcd's JSON gateway",
    start: (etcd) => startNginx(`proxy_pass http://${etcd.address};`),
    code: "json-gateway",
    fix: ["etcd-web", /npx etcd-web gateway/],
  },
];

/** Those that take as long as their time-out to be told: seconds in `npm test`, the real ones in `npm run test:long`. */
export const impatientProxies = (timeouts: {
  readonly route: number;
  readonly quiet: number;
  readonly read: number;
}): readonly (SickProxy & { readonly seconds: number })[] => [
  {
    name: "Envoy with a time-out of the route",
    start: envoy(({ route }) => set(route.route, { timeout: `${timeouts.route}s` })),
    seconds: timeouts.route,
    code: "cut-by-time",
    fix: ["Envoy", /^timeout: 0s$/],
  },
  {
    name: "Envoy with a time-out of quiet streams",
    start: envoy(({ connectionManager }) => set(connectionManager, { stream_idle_timeout: `${timeouts.quiet}s` })),
    seconds: timeouts.quiet,
    code: "cut-when-quiet",
    fix: ["Envoy", /^stream_idle_timeout: 0s$/],
  },
  {
    name: "nginx with a time-out between two reads",
    start: nginxBeforeEnvoy(`proxy_buffering off; proxy_read_timeout ${timeouts.read}s;`),
    seconds: timeouts.read,
    code: "cut-when-quiet",
    fix: ["nginx", /^proxy_read_timeout 1h;$/],
  },
];

function envoy(overrides: (config: EnvoyConfig) => void): SickProxy["start"] {
  return (etcd) => startEnvoy({ etcd: [etcd.address], overrides });
}

/** A filter that keeps requests of a method for an hour. */
function silentTo(method: string): EnvoyConfig["connectionManager"]["http_filters"][number] {
  return {
    name: "envoy.filters.http.fault",
    typed_config: {
      "@type": "type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault",
      delay: { fixed_delay: "3600s", percentage: { numerator: 100 } },
      headers: [{ name: ":method", string_match: { exact: method } }],
    },
  };
}

function set<T extends Record<string, unknown>>(section: T, lines: Record<string, unknown>): void {
  Object.assign(section, lines);
}

function below(path: string, start: SickProxy["start"]): SickProxy["start"] {
  return async (etcd) => {
    const proxy = await start(etcd);
    return { url: proxy.url + path, [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose]() };
  };
}

function nginxBeforeEnvoy(lines: string, bodies = "client_max_body_size 2m;"): SickProxy["start"] {
  return async (etcd) => {
    const envoy = await startEnvoy({ etcd: [etcd.address] });
    const upstream = envoy.url.replace("localhost", "127.0.0.1");
    const nginx = await startNginx(`proxy_pass ${upstream}; proxy_http_version 1.1; ${bodies} ${lines}`);
    const dispose = async (): Promise<void> => {
      await nginx[Symbol.asyncDispose]();
      await envoy.stop();
    };
    return { url: nginx.url, [Symbol.asyncDispose]: dispose };
  };
}
