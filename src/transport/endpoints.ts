import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { EtcdError } from "../base/errors.ts";
import type { Platform } from "../platform/platform.ts";
import { watched } from "./watched.ts";

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

/** One transport of several. */
export interface Endpoints extends Transport {
  /** The present one does not do, by what only its caller can tell: the next call goes to the next. */
  leave(): void;
}

/**
 * One transport of several: calls go to the one that worked last; a failure on the way, silence, or a member without a
 * leader sends the next call to the next. What else does is `onTheWay`: the errors of our own fetch unless given.
 */
export function rotate(
  transports: readonly Transport[],
  onTheWay: (error: unknown) => boolean = neverArrived,
): Endpoints {
  let current = 0;
  const leave = (used: number): void => {
    if (used === current) current = (current + 1) % transports.length;
  };
  const judge = (used: number, error: unknown): void => {
    if (onTheWay(error) || isSilentOrLeaderless(error)) leave(used);
  };
  const failed =
    (used: number) =>
    (error: unknown): never => {
      judge(used, error);
      throw error;
    };
  return {
    leave: () => leave(current),
    unary(...call) {
      const used = current;
      return (transports[used] as Transport).unary(...call).catch(failed(used));
    },
    async stream(...call) {
      const used = current;
      const response = await (transports[used] as Transport).stream(...call).catch(failed(used));
      return { ...response, message: watched(response.message, (error) => judge(used, error)) };
    },
  };
}

function neverArrived(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof EtcdError && ["unavailable", "cors-or-network", "not-grpc-web"].includes(cause.code);
}

function isSilentOrLeaderless(error: unknown): boolean {
  if (!(error instanceof ConnectError)) return false;
  return error.code === Code.DeadlineExceeded || error.rawMessage === "etcdserver: no leader";
}
