import { cors } from "../transport/cors.ts";
import type { FindingCode, Fix } from "./finding.ts";

/** Stands in the lines where the origin of the page belongs. */
const examplePage = "https://app.example.com";

/**
 * What mends a finding for pages of an origin, by whose configuration it is: first that of the proxy that was seen, or
 * else of the usual one.
 */
export function fixesOf(code: FindingCode, origin: string = examplePage, server?: string): readonly Fix[] {
  const forPage = (line: string): string => line.replaceAll(examplePage, origin);
  const fixes = (table[code] ?? []).map(([of, where, ...lines]): Fix => ({ of, where, lines: lines.map(forPage) }));
  const seen = ({ of }: Fix): boolean => server !== undefined && isOf(server, of);
  return [...fixes.filter(seen), ...fixes.filter((fix) => !seen(fix))];
}

/** Whether a `Server` header is of this proxy: "nginx/1.22.1" is of nginx. */
function isOf(server: string, name: string): boolean {
  const [first = ""] = name.toLowerCase().split(" ");
  return server.toLowerCase().startsWith(first === "aws" ? "awselb" : first);
}

type Row = readonly [of: string, where: string, ...lines: string[]];

const allowed = cors.allowedHeaders.join(",");
const exposed = cors.exposedHeaders.join(",");
const corsFilter = "the virtual host's typed_per_filter_config, envoy.filters.http.cors";
const traefikHeaders = "a `headers` middleware of the router";
const ours: Row = [
  "etcd-web",
  "in place of the proxy, or behind it",
  "npx etcd-web gateway --etcd HOST:2379 --prefix config/ --allow-origin https://app.example.com",
];

const table: Partial<Record<FindingCode, readonly Row[]>> = {
  "no-grpc-web-filter": [
    [
      "Envoy",
      "http_filters, after cors and before router",
      "- name: envoy.filters.http.grpc_web",
      "  typed_config:",
      '    "@type": type.googleapis.com/envoy.extensions.filters.http.grpc_web.v3.GrpcWeb',
    ],
    [
      "Traefik",
      "a middleware of the router; the service's URL is h2c://",
      "grpcWeb:",
      '  allowOrigins: ["https://app.example.com"]',
    ],
    ["nginx", "it cannot translate gRPC-Web: put Envoy or the gateway behind it", "proxy_pass http://127.0.0.1:5379;"],
    ours,
  ],
  "json-gateway": [["Envoy", "before etcd", "envoy -c envoy.yaml   # playground/examples/envoy of etcd-web"], ours],
  "not-grpc-web": [ours],
  "etcd-not-http2": [
    [
      "Envoy",
      "the cluster's typed_extension_protocol_options, envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
      "explicit_http_config:",
      "  http2_protocol_options: {}",
    ],
    ["Traefik", "the service", "url: h2c://etcd:2379"],
    ["Caddy", "reverse_proxy", "reverse_proxy h2c://etcd:2379"],
  ],
  "etcd-unreachable": [
    ["Envoy", "the cluster's load_assignment", "socket_address: { address: etcd.example.com, port_value: 2379 }"],
    ["etcd", "its flags, where the proxy is on another machine", "--listen-client-urls=http://0.0.0.0:2379"],
  ],
  "wrong-path": [
    ["Envoy", "the route", 'match: { prefix: "/etcd/" }', 'route: { cluster: etcd, prefix_rewrite: "/", timeout: 0s }'],
    [
      "nginx",
      "the location: the slash at the end takes the prefix off",
      "location /etcd/ { proxy_pass http://127.0.0.1:8080/; }",
    ],
    ["Traefik", "a middleware of the router", "stripPrefix:", '  prefixes: ["/etcd"]'],
  ],
  "no-streams": [
    ["Envoy", "the route", "match: { safe_regex: { regex: '/(etcdserverpb|v3lockpb|v3electionpb)\\..+' } }"],
    [
      "nginx",
      "the location",
      "location ~ ^/(etcdserverpb|v3lockpb|v3electionpb)\\. { proxy_pass http://127.0.0.1:8080; }",
    ],
  ],
  "ended-at-once": [
    [
      "Envoy",
      "the cluster: etcd's own members, not its grpc-proxy",
      "socket_address: { address: etcd.example.com, port_value: 2379 }",
    ],
    ours,
  ],
  "cors-refused": [
    [
      "Envoy",
      corsFilter,
      "allow_origin_string_match: [{ exact: https://app.example.com }]",
      "allow_methods: POST",
      `allow_headers: ${allowed}`,
      `expose_headers: ${exposed}`,
    ],
    ["Traefik", traefikHeaders, 'accessControlAllowOriginList: ["https://app.example.com"]'],
    ["nginx", "the location", 'add_header Access-Control-Allow-Origin "https://app.example.com" always;'],
    ["etcd-web", "the gateway", "--allow-origin https://app.example.com"],
  ],
  "cors-no-preflight": [
    ["Envoy", "http_filters, first of all", "- name: envoy.filters.http.cors"],
    ["nginx", "the location", "if ($request_method = OPTIONS) { return 204; }   # with the add_header lines within"],
  ],
  "cors-headers-not-allowed": [
    ["Envoy", corsFilter, `allow_headers: ${allowed}`],
    ["Traefik", traefikHeaders, `accessControlAllowHeaders: [${allowed}]`],
    ["nginx", "the location", `add_header Access-Control-Allow-Headers "${allowed}" always;`],
  ],
  "cors-headers-not-exposed": [
    ["Envoy", corsFilter, `expose_headers: ${exposed}`],
    ["Traefik", traefikHeaders, `accessControlExposeHeaders: [${exposed}]`],
    ["nginx", "the location", `add_header Access-Control-Expose-Headers "${exposed}" always;`],
  ],
  "cors-not-on-answers": [
    [
      "nginx",
      "the location: `always`, or errors go without",
      'add_header Access-Control-Allow-Origin "https://app.example.com" always;',
    ],
  ],
  "cors-not-remembered": [
    ["Envoy", corsFilter, 'max_age: "7200"'],
    ["Traefik", traefikHeaders, "accessControlMaxAge: 7200"],
    ["nginx", "the location", 'add_header Access-Control-Max-Age "7200" always;'],
  ],
  "cors-any-origin": [["Envoy", corsFilter, "allow_origin_string_match: [{ exact: https://app.example.com }]"]],
  "http-1": [
    ["Envoy", "DownstreamTlsContext, common_tls_context", "alpn_protocols: [h2, http/1.1]"],
    ["nginx", "the server, with a certificate", "listen 443 ssl http2;"],
  ],
  "few-streams": [
    ["Envoy", "the HttpConnectionManager's http2_protocol_options", "max_concurrent_streams: 100"],
    ["nginx", "http", "http2_max_concurrent_streams 128;"],
  ],
  "errors-lost": [
    ["Envoy", "http_filters: its own filter keeps them", "- name: envoy.filters.http.grpc_web"],
    [
      "nginx",
      "grpc_pass writes no trailers that a page can read: proxy_pass to Envoy or the gateway",
      "proxy_pass http://127.0.0.1:5379;",
    ],
    ours,
  ],
  "errors-changed": [ours],
  "codes-lost": [
    [
      "Envoy",
      "the cluster: etcd's own members, not its grpc-proxy",
      "socket_address: { address: etcd.example.com, port_value: 2379 }",
    ],
  ],
  "request-limit": [
    ["nginx", "the server", "client_max_body_size 2m;"],
    ["Envoy", "envoy.filters.http.buffer, where there is one", "max_request_bytes: 2097152"],
    ["Traefik", "the `buffering` middleware, where there is one", "maxRequestBodyBytes: 2097152"],
    ["Caddy", "the site", "request_body { max_size 2MB }"],
  ],
  buffered: [
    ["nginx", "the location", "proxy_buffering off;", "gzip off;"],
    ["Caddy", "take `response_buffers` out of this reverse_proxy"],
    ["Apache", "ProxyPass", "flushpackets=on"],
    ["Traefik", "take the `buffering` and `compress` middlewares from this router"],
  ],
  "cut-by-time": [
    ["Envoy", "the route", "timeout: 0s"],
    ["Traefik", "the entry point's transport", "respondingTimeouts: { readTimeout: 0, writeTimeout: 0 }"],
    ["grpcwebproxy", "its flags", "--server_http_max_read_timeout=1h --server_http_max_write_timeout=1h"],
    ["Google Cloud", "the backend service", "timeoutSec: 86400"],
  ],
  "cut-when-quiet": [
    [
      "Envoy",
      "the HttpConnectionManager (and idle_timeout of the route, where it sets one)",
      "stream_idle_timeout: 0s",
    ],
    ["nginx", "the location", "proxy_read_timeout 1h;", "send_timeout 1h;"],
    ["HAProxy", "defaults, or the frontend and the backend", "timeout client 1h", "timeout server 1h"],
    ["AWS ALB", "the load balancer's attributes", "idle_timeout.timeout_seconds=4000"],
  ],
  cut: [
    ["Envoy", "the route", "timeout: 0s"],
    ["Envoy", "the HttpConnectionManager", "stream_idle_timeout: 0s"],
    ["nginx", "the location", "proxy_read_timeout 1h;"],
    ["Traefik", "the entry point's transport", "respondingTimeouts: { readTimeout: 0, writeTimeout: 0 }"],
    ["HAProxy", "defaults, or the frontend and the backend", "timeout client 1h", "timeout server 1h"],
  ],
  "no-progress": [
    ["etcd 3.6 and later", "its flags", "--watch-progress-notify-interval=10s"],
    ["etcd 3.4 and 3.5", "its flags", "--experimental-watch-progress-notify-interval=10s"],
  ],
  "token-dropped": [
    ["Envoy", "the route and the virtual host: without this line", "request_headers_to_remove: [token]"],
  ],
  "no-sign-in": [
    ["etcd", "a user whose role may read one prefix, then", "etcdctl auth enable"],
    ["etcd-web", "the gateway", "--read-only --prefix app/"],
  ],
  "no-space": [
    ["etcd", "make room, at each member; then", "etcdctl compact REVISION", "etcdctl defrag", "etcdctl alarm disarm"],
  ],
  "nearly-full": [
    ["etcd", "make room, at each member: the file shrinks only so", "etcdctl compact REVISION", "etcdctl defrag"],
    ["etcd", "its flags", "--auto-compaction-retention=1h", "--quota-backend-bytes=8589934592"],
  ],
  "never-compacted": [["etcd", "its flags", "--auto-compaction-retention=1h"]],
};
