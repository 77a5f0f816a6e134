import type { Transport } from "@connectrpc/connect";
import { EtcdError } from "../base/errors.ts";
import { toOrigin } from "../base/origin.ts";
import type { Auth, TokenSource } from "../transport/token-source.ts";
import { type GatewayLimits, type LimitSettings, toLimitSettings } from "./limits.ts";
import { createJudge, type Judge, openJudge } from "./policy/judge.ts";
import { type GatewayPolicy, toPolicySettings } from "./policy/options.ts";
import type { EtcdTls } from "./upstream/etcd-tls.ts";

/** A real etcd behind the gateway. */
export interface EtcdBehind {
  /**
   * `host:port` of an etcd member, or of several: when one is out of reach, the next call goes to the next. With
   * `https://` before it, over TLS.
   */
  readonly etcd: string | readonly string[];
  /** How the gateway knows etcd, and shows who it is; with it, endpoints without a scheme mean `https://`. */
  readonly etcdTls?: EtcdTls | undefined;
  /** One or the other. */
  readonly memory?: undefined;
}

/** An etcd in this process behind the gateway. */
export interface MemoryBehind {
  /** What `createMemoryEtcd()` of "etcd-web/memory" gives. It stays yours to close. */
  readonly memory: { readonly transport: Transport };
  /** One or the other. */
  readonly etcd?: undefined;
  /** Of `etcd` alone. */
  readonly etcdTls?: undefined;
}

/** A certificate and its key, for HTTPS: what the files hold, not their paths. */
export interface GatewayTls {
  /** In PEM; the certificates of its issuers after it. */
  readonly cert: string | Uint8Array;
  /** In PEM, without a pass phrase. */
  readonly key: string | Uint8Array;
}

/** Where those who look after the gateway find it. */
export interface GatewayMonitor {
  /** The port to listen on; 0 lets the system choose. */
  readonly port: number;
  /** The address to listen on. Default "127.0.0.1". */
  readonly host?: string | undefined;
}

/** Options of `createGateway`: what is behind it, where it listens, who may call, and what they may ask. */
export type GatewayOptions = (EtcdBehind | MemoryBehind) & {
  /**
   * What callers may ask. Default: nothing of a real etcd, everything of one in memory. "open" lets pass whatever etcd
   * itself allows.
   */
  readonly policy?: GatewayPolicy | "open" | undefined;
  /**
   * How the gateway signs in to etcd, with `passwordAuth` of "etcd-web" for example: callers then need no secret, and can
   * do what the policy and this user's roles both allow. They may send no token of their own and cannot sign in. Default:
   * it does not, and passes on the token of each caller.
   */
  readonly auth?: TokenSource | ((transport: Transport) => TokenSource) | undefined;
  /** The address to listen on. Default "127.0.0.1": nobody but this machine. */
  readonly host?: string | undefined;
  /** The port to listen on. Default 5379; 0 lets the system choose. */
  readonly port?: number | undefined;
  /** To serve HTTPS, HTTP/2 and HTTP/1.1 on the same port. Default: HTTP/1.1 without encryption. */
  readonly tls?: GatewayTls | undefined;
  /**
   * Origins whose pages may call, such as "https://app.example.com", beside the gateway's own. Default none. There is
   * no "*": the policy says what may be asked, this by whom.
   */
  readonly origins?: readonly string[] | undefined;
  /**
   * Names the gateway is called by, beside localhost, 127.0.0.1, [::1] and `host`: "etcd.example.com" for its own port
   * or none, "etcd.example.com:8080" for that one. Others are refused: a page can point a name of its own at this
   * machine (DNS rebinding).
   */
  readonly hosts?: readonly string[] | undefined;
  /** A folder whose files are served beside the calls, such as a built page. Default none. */
  readonly assets?: string | undefined;
  /** Bounds on what a client may take. */
  readonly limits?: GatewayLimits | undefined;
  /**
   * How many proxies stand before the gateway, each of which adds whom it was called by to `X-Forwarded-For`: what that
   * says is then what limits go by. Default 0: that header is anybody's word, and not read.
   */
  readonly proxies?: number | undefined;
  /**
   * A second port, with `/metrics` for Prometheus and `/health` with a reason. Default none: they are not for callers of
   * the first, which has a bare `/health` only.
   */
  readonly monitor?: GatewayMonitor | undefined;
};

/** The port etcd-web listens on unless told otherwise: etcd's own is 2379. */
const defaultPort = 5379;

/** What is left of the options once every default is in. */
export interface Settings {
  readonly judge: Judge;
  readonly auth: Auth | undefined;
  readonly host: string;
  readonly port: number;
  /** Both as text. */
  readonly tls: { readonly cert: string; readonly key: string } | undefined;
  readonly origins: ReadonlySet<string>;
  readonly hosts: readonly string[];
  readonly assets: string | undefined;
  readonly limits: LimitSettings;
  readonly proxies: number;
  readonly monitor: { readonly port: number; readonly host: string } | undefined;
}

/** Fills in the defaults, or throws "invalid-argument" and says which option cannot be. */
export function toSettings(options: GatewayOptions): Settings {
  const { host = loopback, hosts = [], proxies = 0, monitor, tls, policy } = options;
  if (!Number.isInteger(proxies) || proxies < 0) throw invalid(`proxies must be a whole number, not ${proxies}`);
  return {
    judge: toJudge(policy ?? (options.memory === undefined ? {} : "open")),
    auth: options.auth,
    host,
    port: toPort("port", options.port ?? defaultPort),
    tls: tls && { cert: toPem("cert", tls.cert), key: toPem("key", tls.key) },
    origins: new Set((options.origins ?? []).map(requireOrigin)),
    hosts: hosts.map(toHost),
    assets: options.assets,
    limits: toLimitSettings(options.limits),
    proxies,
    monitor: monitor && { port: toPort("monitor.port", monitor.port), host: monitor.host ?? loopback },
  };
}

const loopback = "127.0.0.1";

function toJudge(policy: GatewayPolicy | "open"): Judge {
  if (policy === "open") return openJudge;
  if (typeof policy === "object" && policy !== null) return createJudge(toPolicySettings(policy));
  throw invalid(`policy must be "open" or an object such as { prefixes: ["config/"] }, not ${JSON.stringify(policy)}`);
}

function toPort(name: string, port: number): number {
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw invalid(`${name} must be a whole number from 0 to 65535, not ${port}`);
}

function toPem(name: string, given: string | Uint8Array): string {
  const pem = typeof given === "string" ? given : new TextDecoder().decode(given);
  if (pem.includes("-----BEGIN ")) return pem;
  throw invalid(`tls.${name} must be the content of a PEM file, which begins with "-----BEGIN "`);
}

function requireOrigin(given: string): string {
  const origin = toOrigin(given);
  if (origin !== undefined) return origin;
  throw invalid(`origins holds ${JSON.stringify(given)}, which is not an origin such as "https://app.example.com"`);
}

function toHost(given: string): string {
  const host = given.toLowerCase();
  const name = host.replace(/:\d+$/, "");
  if (URL.canParse(`http://${host}`) && new URL(`http://${name}`).hostname === name) return host;
  throw invalid(
    `hosts holds ${JSON.stringify(given)}, which is not a name such as "etcd.example.com" or "localhost:80"`,
  );
}

function invalid(message: string): EtcdError {
  return new EtcdError("invalid-argument", message);
}
