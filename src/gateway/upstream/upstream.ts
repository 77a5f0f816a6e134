import type { Transport } from "@connectrpc/connect";
import { EtcdError } from "../../base/errors.ts";
import { type Clock, systemClock } from "../../platform/clock.ts";
import { toBaseUrls } from "../../transport/base-urls.ts";
import { rotate } from "../../transport/rotating.ts";
import { Credentials } from "./credentials.ts";
import type { EtcdTls } from "./etcd-tls.ts";
import { createMember } from "./member.ts";

/** The way to etcd. */
export interface Upstream {
  readonly transport: Transport;
  close(): void;
}

/** What the way to etcd is made of. */
export interface UpstreamOptions {
  /** `host:port` of a member, or of several; `https://` before it, or any `tls`, means TLS. */
  readonly etcd: string | readonly string[];
  readonly tls?: EtcdTls | undefined;
}

/** gRPC over HTTP/2 to one etcd member, or to whichever of several answers. */
export function createUpstream({ etcd, tls }: UpstreamOptions, clock: Clock = systemClock): Upstream {
  const given = typeof etcd === "string" ? [etcd] : etcd;
  if (given.length === 0) throw new EtcdError("invalid-argument", "etcd is empty: give the host:port of a member");
  const scheme = tls === undefined ? "http" : "https";
  const urls = toBaseUrls(
    given.map((address) => (address.includes("://") ? address : `${scheme}://${address}`)),
    { origin: undefined },
  );
  const plain = urls.find((url) => url.startsWith("http:"));
  if (tls !== undefined && plain !== undefined) {
    throw new EtcdError("invalid-argument", `etcdTls is given, but ${plain} is not https://`);
  }
  const credentials = new Credentials(tls ?? {});
  const members = urls.map((url) => createMember(url, credentials, clock));
  const transports = members.map(({ transport }) => transport);
  return {
    transport: rotate(transports, clock.now),
    close() {
      for (const member of members) member.close();
    },
  };
}
