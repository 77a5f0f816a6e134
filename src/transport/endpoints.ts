import type { Transport } from "@connectrpc/connect";
import { EtcdError } from "../base/errors.ts";
import type { Platform } from "../platform/platform.ts";

/** The URLs as given, checked: "invalid-argument" says what is wrong with one. In a page they may be relative to it. */
export function toBaseUrls(
  endpoints: string | readonly string[],
  platform: Pick<Platform, "origin">,
): readonly string[] {
  const given = typeof endpoints === "string" ? [endpoints] : endpoints;
  if (given.length === 0)
    throw new EtcdError("invalid-argument", "endpoints is empty: give the URL of a gRPC-Web proxy before etcd");
  return given.map((endpoint) => toBaseUrl(endpoint, platform.origin));
}

function toBaseUrl(endpoint: string, page: string | undefined): string {
  const url = URL.canParse(endpoint, page) ? new URL(endpoint, page) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new EtcdError(
      "invalid-argument",
      `The endpoint ${JSON.stringify(endpoint)} is not a URL that begins with http:// or https://`,
    );
  }
  if (url.username !== "" || url.search !== "" || url.hash !== "") {
    throw new EtcdError(
      "invalid-argument",
      `The endpoint ${url.origin} must have no user name, query or fragment: sign in with \`auth\``,
    );
  }
  return url.href.replace(/\/+$/, "");
}

/**
 * One transport of several: calls go to the one that worked last; a failure on the way sends the next call to the next.
 * What such a failure looks like is `onTheWay`: the errors of our own fetch unless given.
 */
export function rotate(
  transports: readonly Transport[],
  onTheWay: (error: unknown) => boolean = neverArrived,
): Transport {
  let current = 0;
  const pick = (): { readonly transport: Transport; failed(error: unknown): never } => {
    const used = current;
    return {
      transport: transports[used] as Transport,
      failed(error) {
        if (used === current && onTheWay(error)) current = (current + 1) % transports.length;
        throw error;
      },
    };
  };
  return {
    unary(...call) {
      const { transport, failed } = pick();
      return transport.unary(...call).catch(failed);
    },
    stream(...call) {
      const { transport, failed } = pick();
      return transport.stream(...call).catch(failed);
    },
  };
}

function neverArrived(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof EtcdError && ["unavailable", "cors-or-network", "not-grpc-web"].includes(cause.code);
}
