import { cors } from "../transport/cors.ts";

/** For every answer to a page of an allowed origin. */
export function answerHeaders(origin: string): Record<string, string> {
  return {
    "access-control-allow-origin": origin,
    "access-control-expose-headers": cors.exposedHeaders.join(", "),
  };
}

/** For the answer to its preflight. Two hours is the longest any browser keeps it. */
export function preflightHeaders(): Record<string, string> {
  return {
    "access-control-allow-methods": cors.allowedMethods.join(", "),
    "access-control-allow-headers": cors.allowedHeaders.join(", "),
    "access-control-max-age": "7200",
  };
}
