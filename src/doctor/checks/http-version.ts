import { type Check, type Examination, fine, type Outcome } from "../examination.ts";

/** Which HTTP carries the calls: over HTTP/1.1 a browser opens six connections to an origin, for all its pages. */
export const httpVersion: Check = {
  name: "http-version",
  needs: "answers",
  // Outside of a page, and over TLS, it is what the TLS of a browser would agree on: the command asks that.
  applies: ({ url, inPage }) => url !== undefined && (inPage || url.protocol === "http:"),
  async run(examination) {
    const used = seenByPage(examination);
    if (used === "h2" || used === "h3") return fine(`HTTP/${used.slice(1)}: all calls of a page share one connection`);
    if (used === "http/1.1" || examination.url?.protocol === "http:") return http1;
    return fine("The browser does not tell which HTTP it is (the proxy sends no timing-allow-origin)");
  },
};

/** Undefined where the browser does not say. */
function seenByPage({ inPage, baseUrl }: Examination): string | undefined {
  if (!inPage) return undefined;
  const entries = performance.getEntriesByType("resource") as PerformanceResourceTiming[];
  const own = entries.filter(({ name, nextHopProtocol }) => name.startsWith(`${baseUrl}/`) && nextHopProtocol !== "");
  return own.at(-1)?.nextHopProtocol;
}

const http1: Outcome = {
  code: "http-1",
  level: "note",
  seen: "HTTP/1.1",
  means:
    "A browser opens six connections to an origin, for all its tabs. A client's watches need one to three of them, so a user's third tab may wait: over TLS with HTTP/2 it does not, and shareTabs() of etcd-web/live lets tabs share",
};
