/**
 * What a proxy must let a page send and read. An ordinary CORS list lacks `token` (etcd's authentication) and
 * `hasleader` (asked for by every watch), and a page that may not read `grpc-status` sees no error at all.
 *
 * @example
 * ```ts
 * import { cors } from "etcd-web";
 *
 * const headers = new Headers({
 *   "access-control-allow-origin": "https://app.example.com",
 *   "access-control-allow-methods": cors.allowedMethods.join(", "),
 *   "access-control-allow-headers": cors.allowedHeaders.join(", "),
 *   "access-control-expose-headers": cors.exposedHeaders.join(", "),
 * });
 * ```
 */
export const cors: {
  /** For `Access-Control-Allow-Headers`. */
  readonly allowedHeaders: readonly string[];
  /** For `Access-Control-Expose-Headers`. */
  readonly exposedHeaders: readonly string[];
  /** For `Access-Control-Allow-Methods`; the preflight's own OPTIONS need not be listed. */
  readonly allowedMethods: readonly string[];
} = {
  allowedHeaders: ["content-type", "x-grpc-web", "x-user-agent", "grpc-timeout", "token", "authorization", "hasleader"],
  exposedHeaders: ["grpc-status", "grpc-message", "grpc-status-details-bin"],
  allowedMethods: ["POST"],
};
