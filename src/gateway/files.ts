import { statSync } from "node:fs";
import type { RequestListener } from "node:http";
import sirv from "sirv";
import { EtcdError } from "../base/errors.ts";

/** Serves the files of a folder, as they are when it is called. Throws "invalid-argument" where there is no such folder. */
export function serveFiles(folder: string, notFound: RequestListener): RequestListener {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new EtcdError("invalid-argument", `assets is ${JSON.stringify(folder)}, which is not a folder`);
  }
  const serve = sirv(folder, {
    etag: true,
    setHeaders(response) {
      response.setHeader("cache-control", "no-cache");
      // No other page may put this one in a frame and have its visitor click there.
      response.setHeader("content-security-policy", "frame-ancestors 'none'");
      response.setHeader("cross-origin-resource-policy", "same-origin");
    },
  });
  return (request, response) => serve(request, response, () => notFound(request, response));
}
