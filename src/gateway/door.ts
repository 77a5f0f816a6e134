import { isIP } from "node:net";

/** What a request says about who makes it. Pages cannot set these headers; a browser does. */
export interface Visitor {
  readonly method: string;
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `Sec-Fetch-Site`, `-Mode` and `-Dest`. */
  readonly site: string | undefined;
  readonly mode: string | undefined;
  readonly dest: string | undefined;
}

/** Whether a visitor may come in. */
export type Verdict =
  | { readonly allowed: true /** To be named in the CORS headers. */; readonly crossOrigin: string | undefined }
  | {
      readonly allowed: false;
      readonly because: "host" | "origin";
      /** What to do about it, as a sentence. */
      readonly reason: string;
    };

/** Who may come in. */
export interface DoorRules {
  /** The port that is listened on. */
  readonly port: number;
  /** Names with or without a port, in lower case. */
  readonly hosts: readonly string[];
  readonly origins: ReadonlySet<string>;
  /** Whether any address will do for a host: no page can bring one that is not its own. Default false. */
  readonly anyAddress?: boolean | undefined;
}

/**
 * Decides who may call. A browser lets any page send requests to this machine and only keeps the answers from it, so a
 * gateway on loopback is open to every website until it looks at who asks. Callers that are no browsers carry none of
 * these headers and are let in: they could reach the port, and etcd's, anyhow.
 */
export function createDoor({ port, hosts, origins, anyAddress = false }: DoorRules): (visitor: Visitor) => Verdict {
  const names = new Set(hosts.flatMap((host) => (hasPort(host) ? [host] : [host, `${host}:${port}`])));
  return (visitor) => {
    const { host = "", origin } = visitor;
    const known = names.has(host.toLowerCase()) || (anyAddress && isAddress(host));
    if (!known) return { allowed: false, because: "host", reason: unknownHost(host) };
    if (origin !== undefined && origins.has(origin)) return { allowed: true, crossOrigin: origin };
    if (origin !== undefined && !isOwn(origin, host)) return foreign(unknownOrigin(origin));
    if (fromElsewhere(visitor)) return foreign(unknownSite);
    return { allowed: true, crossOrigin: undefined };
  };
}

function foreign(reason: string): Verdict {
  return { allowed: false, because: "origin", reason };
}

/** The names by which everyone on this machine may call what listens on `host`. */
export function ownNames(host: string): readonly string[] {
  const loopback = ["localhost", "127.0.0.1", "[::1]"];
  const wildcard = host === "0.0.0.0" || host === "::";
  // An address cannot be rebound, and a name was chosen by whoever started the gateway.
  return wildcard || loopback.includes(host) ? loopback : [...loopback, bracketed(host).toLowerCase()];
}

/** An address as it stands in a URL. */
export function bracketed(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

function isAddress(host: string): boolean {
  return isIP(host.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1")) !== 0;
}

function hasPort(host: string): boolean {
  return /:\d+$/.test(host);
}

// Either scheme: a proxy before the gateway may have ended the TLS. The host is one of ours by now.
function isOwn(origin: string, host: string): boolean {
  return [`http://${host}`, `https://${host}`].some((url) => URL.canParse(url) && new URL(url).origin === origin);
}

/** Whether a page of another site, or of another port, makes the request. It may send its visitors here, by a link. */
function fromElsewhere({ method, site, mode, dest }: Visitor): boolean {
  if (site === undefined || site === "same-origin" || site === "none") return false;
  return !(method === "GET" && mode === "navigate" && dest === "document");
}

function unknownHost(host: string): string {
  const shown = JSON.stringify(host);
  return `This gateway is not known by the name ${shown}: a page may have pointed it here (DNS rebinding). If the name is yours, allow it with hosts: [${shown}], or --allow-host ${host}`;
}

function unknownOrigin(origin: string): string {
  if (origin === "null") {
    return "A page without an origin (a file, or a sandboxed frame) may not call this gateway: serve it over HTTP, and allow its origin with the option origins, or --allow-origin";
  }
  return `Pages of ${origin} may not call this gateway. To let them, use origins: [${JSON.stringify(origin)}], or --allow-origin ${origin}`;
}

const unknownSite =
  "A page of another site may not load this. If it is yours, allow its origin with the option origins, or --allow-origin";
