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
  if (url.username + url.password !== "" || url.search !== "" || url.hash !== "") {
    throw new EtcdError(
      "invalid-argument",
      `The endpoint ${url.origin} must have no user name, query or fragment: sign in with \`auth\``,
    );
  }
  return url.href.replace(/\/+$/, "");
}
