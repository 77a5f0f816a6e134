import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { answerHeaders, preflightHeaders } from "./cors-headers.ts";
import type { Verdict, Visitor } from "./door.ts";

/** What lies behind the door. */
export interface Rooms {
  readonly door: (visitor: Visitor) => Verdict;
  /** Answers a call, if the path is one. */
  readonly call: (path: string) => RequestListener | undefined;
  /** Answers everything else. */
  readonly page: RequestListener;
}

/** Lets in who may, and leads to the right room. */
export function createListener({ door, call, page }: Rooms): RequestListener {
  return (request, response) => {
    const verdict = door(visitorOf(request));
    response.setHeader("x-content-type-options", "nosniff");
    response.setHeader("vary", "origin");
    if (!verdict.allowed) return answer(response, 403, verdict.reason);
    if (verdict.crossOrigin !== undefined) setHeaders(response, answerHeaders(verdict.crossOrigin));
    if (request.method === "OPTIONS") return preflight(response);
    const listener = call(pathOf(request)) ?? page;
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

function visitorOf({ method = "", headers }: IncomingMessage): Visitor {
  const text = (name: string): string | undefined => headers[name]?.toString();
  return {
    method,
    host: headers.host,
    origin: headers.origin,
    site: text("sec-fetch-site"),
    mode: text("sec-fetch-mode"),
    dest: text("sec-fetch-dest"),
  };
}

function setHeaders(response: ServerResponse, headers: Record<string, string>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
