import type { Transport } from "@connectrpc/connect";
import { EtcdError } from "../base/errors.ts";
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
  readonly memory?: undefined;
}

/** An etcd in this process behind the gateway. */
export interface MemoryBehind {
  /** What `createMemoryEtcd()` of "etcd-web/memory" gives. It stays yours to close. */
  readonly memory: { readonly transport: Transport };
  readonly etcd?: undefined;
  readonly etcdTls?: undefined;
}

/** Options of `createGateway`: what is behind it, where it listens, and who may call. */
export type GatewayOptions = (EtcdBehind | MemoryBehind) & {
  /** The address to listen on. Default "127.0.0.1": nobody but this machine. */
  readonly host?: string | undefined;
  /** The port to listen on. Default 5379; 0 lets the system choose. */
  readonly port?: number | undefined;
  /**
   * Origins whose pages may call, such as "https://app.example.com", beside the gateway's own. Default none. There is
   * no "*": whoever may call, may do all that etcd lets an unknown caller do.
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
  /** Bytes in the body of a request, at most. Default 2.5 MiB, above the 2 MiB that etcd itself takes. */
  readonly maxRequestBytes?: number | undefined;
};

/** The port etcd-web listens on unless told otherwise: etcd's own is 2379. */
export const defaultPort = 5379;

/** What is left of the options once every default is in. */
export interface Settings {
  readonly host: string;
  readonly port: number;
  readonly origins: ReadonlySet<string>;
  readonly hosts: readonly string[];
  readonly assets: string | undefined;
  readonly maxRequestBytes: number;
}

/** Fills in the defaults, or throws "invalid-argument" and says which option cannot be. */
export function toSettings(options: GatewayOptions): Settings {
  const { host = "127.0.0.1", port = defaultPort, hosts = [], maxRequestBytes = 2.5 * 1024 * 1024 } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw invalid(`port must be a whole number from 0 to 65535, not ${port}`);
  }
  if (!(maxRequestBytes > 0)) throw invalid(`maxRequestBytes must be above 0, not ${maxRequestBytes}`);
  const origins = new Set((options.origins ?? []).map(toOrigin));
  return { host, port, origins, hosts: hosts.map(toHost), assets: options.assets, maxRequestBytes };
}

function toOrigin(given: string): string {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  // A trailing slash is forgiven; "*" and "null", which stand for more than one, are not.
  const one = url !== undefined && url.origin !== "null" && !given.includes("*");
  if (one && url.href === `${url.origin}/`) return url.origin;
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
