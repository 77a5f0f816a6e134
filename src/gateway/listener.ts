import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { answerHeaders, preflightHeaders } from "./cors-headers.ts";
import type { Verdict, Visitor } from "./door.ts";
import type { RefusalReason } from "./metrics.ts";

/** What lies behind the door. */
export interface Rooms {
  readonly door: (visitor: Visitor) => Verdict;
  /** Answers what has a path of its own: a call, for one. */
  readonly at: (path: string) => RequestListener | undefined;
  /** Answers everything else. */
  readonly elsewhere: RequestListener;
  /** Told of each request that is not let in. */
  readonly refused?: (reason: RefusalReason) => void;
}

/** Lets in who may, and leads to the right room. */
export function createListener({ door, at, elsewhere, refused = () => {} }: Rooms): RequestListener {
  return (request, response) => {
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("vary", "origin");
    const twice = twiceIn(request.rawHeaders) ?? otherHost(request);
    if (twice !== undefined) {
      refused("request");
      return answer(response, 400, `This request says ${twice} more than once, and each may mean another.`);
    }
    const verdict = door(visitorOf(request));
    if (!verdict.allowed) {
      refused(verdict.because);
      return answer(response, 403, verdict.reason);
    }
    if (verdict.crossOrigin !== undefined) setHeaders(response, answerHeaders(verdict.crossOrigin));
    if (request.method === "OPTIONS") return preflight(response);
    const listener = at(pathOf(request)) ?? elsewhere;
    listener(request, response);
  };
}

/** A short answer in plain text. */
export function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(`${text}\n`);
}

/** The path alone, without what comes after a question mark. */
export function pathOf(request: IncomingMessage): string {
  return (request.url ?? "/").split("?", 1)[0] ?? "/";
}

function preflight(response: ServerResponse): void {
  if (response.hasHeader("access-control-allow-origin")) setHeaders(response, preflightHeaders());
  response.writeHead(204).end();
}

/** Headers that mean one thing: two of them, and whoever stands before us may have read the other one. */
const single = new Set([
  ...["host", "origin", "content-type", "content-length", "token", "authorization", "hasleader", "grpc-timeout"],
  ...["grpc-encoding", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest"],
]);

function twiceIn(rawHeaders: readonly string[]): string | undefined {
  const seen = new Set<string>();
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? "").toLowerCase();
    if (!single.has(name)) continue;
    if (seen.has(name)) return name;
    seen.add(name);
  }
  return undefined;
}

/** HTTP/2 names the host before the headers, which may then name another. */
function otherHost({ headers }: IncomingMessage): string | undefined {
  const authority = headers[":authority"];
  return authority !== undefined && headers.host !== undefined && headers.host !== authority ? "host" : undefined;
}

function visitorOf({ method = "", headers }: IncomingMessage): Visitor {
  const text = (name: string): string | undefined => headers[name]?.toString();
  return {
    method,
    host: text(":authority") ?? headers.host,
    origin: headers.origin,
    site: text("sec-fetch-site"),
    mode: text("sec-fetch-mode"),
    dest: text("sec-fetch-dest"),
  };
}

function setHeaders(response: ServerResponse, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
