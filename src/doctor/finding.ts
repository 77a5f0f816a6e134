/**
 * How bad a finding is.
 *
 * - `ok`: as it should be
 * - `note`: worth knowing
 * - `warning`: it works, and something will go wrong or is open that should not be
 * - `fault`: pages cannot use etcd as they should
 */
export type Level = "ok" | "note" | "warning" | "fault";

/** What is looked at, in this order; `tls` by the command alone. */
export type CheckName =
  | "reach"
  | "tls"
  | "sign-in"
  | "cors"
  | "errors"
  | "stream"
  | "delivery"
  | "request-size"
  | "http-version"
  | "etcd"
  | "upkeep"
  | "quiet-stream"
  | "progress";

/** The same, for people. */
export const titles: Readonly<Record<CheckName, string>> = {
  reach: "answers",
  tls: "TLS",
  "sign-in": "sign-in",
  cors: "CORS",
  errors: "errors",
  stream: "watch",
  delivery: "delivery",
  "request-size": "large requests",
  "http-version": "HTTP version",
  etcd: "etcd",
  upkeep: "upkeep",
  "quiet-stream": "quiet stream",
  progress: "progress",
};

/** What was found, in a word that stays the same: branch on it, never on a sentence. */
export type FindingCode =
  | "ok"
  // on the way
  | "unreachable"
  | "silent"
  | "certificate"
  | "certificate-expires"
  | "tls-unknown"
  | "mixed-content"
  | "redirected"
  | "refused"
  | "wrong-path"
  | "not-grpc-web"
  | "json-gateway"
  | "no-grpc-web-filter"
  | "etcd-unreachable"
  | "etcd-not-http2"
  // for pages
  | "cors-refused"
  | "cors-no-preflight"
  | "cors-headers-not-allowed"
  | "cors-headers-not-exposed"
  | "cors-not-on-answers"
  | "cors-not-remembered"
  | "cors-any-origin"
  | "cors-unknown"
  | "http-1"
  | "few-streams"
  // answers and streams
  | "errors-lost"
  | "errors-changed"
  | "codes-lost"
  | "request-limit"
  | "no-streams"
  | "watch-refused"
  | "ended-at-once"
  | "buffered"
  | "cut-by-time"
  | "cut-when-quiet"
  | "cut"
  | "no-progress"
  // etcd's own
  | "no-sign-in"
  | "needs-sign-in"
  | "sign-in-failed"
  | "token-rejected"
  | "token-dropped"
  | "not-permitted"
  | "read-failed"
  | "version-hidden"
  | "known-bugs"
  | "too-old"
  | "no-leader"
  | "learner"
  | "no-space"
  | "corrupt"
  | "nearly-full"
  | "never-compacted";

/** Which line of whose configuration mends it. */
export interface Fix {
  /** "Envoy", "nginx", "etcd" … */
  readonly of: string;
  /** Where the lines belong, such as "the route". */
  readonly where: string;
  /** As they stand in that configuration. */
  readonly lines: readonly string[];
}

/** One thing that was looked at. */
export interface Finding {
  /** What was looked at. */
  readonly check: CheckName;
  /** What was looked at, for people: "quiet stream". */
  readonly title: string;
  /** What was found, in a word that stays the same. */
  readonly code: FindingCode;
  /** How bad it is. */
  readonly level: Level;
  /** What was seen: a sentence without its full stop. */
  readonly seen: string;
  /** What that means for users of a page. */
  readonly means?: string;
  /**
   * What mends it, by whose configuration it is: first that of the proxy that was seen, as far as it shows itself. Empty
   * where there is nothing to mend.
   */
  readonly fixes: readonly Fix[];
}

const order: readonly Level[] = ["ok", "note", "warning", "fault"];

/** The worst level of all; "ok" of none. */
export function worstOf(findings: readonly Pick<Finding, "level">[]): Level {
  return findings.reduce<Level>(
    (worst, { level }) => (order.indexOf(level) > order.indexOf(worst) ? level : worst),
    "ok",
  );
}
