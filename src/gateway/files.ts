import { readdirSync, readFileSync, statSync } from "node:fs";
import type { RequestListener } from "node:http";
import { join, relative, sep } from "node:path";
import { EtcdError } from "../base/errors.ts";
import { mimeType } from "./bundled.ts";
import { answer, pathOf } from "./listener.ts";

/** More than any built page; a folder given by mistake holds more. */
const mostBytes = 64 * 1024 * 1024;

interface File {
  readonly bytes: Uint8Array;
  readonly headers: Record<string, string | number>;
}

/**
 * Serves the files of a folder as they are now: they are read once, so that no path leads out of the folder and a page
 * that is being built again is not seen half. Throws "invalid-argument" where there is no such folder.
 */
export function serveFiles(folder: string, notFound: RequestListener): RequestListener {
  const files = readFiles(folder);
  return (request, response) => {
    const file = files.get(decoded(pathOf(request)));
    if (file === undefined) return notFound(request, response);
    if (request.method !== "GET" && request.method !== "HEAD") return answer(response, 405, "This is a file: GET it.");
    response.writeHead(200, file.headers).end(request.method === "GET" ? file.bytes : undefined);
  };
}

/** The files by their paths in a URL; an `index.html` also by its folder's. Hidden files and links are left out. */
function readFiles(folder: string): ReadonlyMap<string, File> {
  if (!statSync(folder, { throwIfNoEntry: false })?.isDirectory()) {
    throw new EtcdError("invalid-argument", `assets is ${JSON.stringify(folder)}, which is not a folder`);
  }
  const files = new Map<string, File>();
  let total = 0;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = `/${relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/")}`;
    if (!entry.isFile() || path.includes("/.")) continue;
    const bytes = readFileSync(join(entry.parentPath, entry.name));
    total += bytes.byteLength;
    if (total > mostBytes) throw tooMuch(folder);
    const file = { bytes, headers: headersOf(path, bytes) };
    files.set(path, file);
    if (entry.name === "index.html") files.set(path.slice(0, -entry.name.length), file);
  }
  return files;
}

function headersOf(path: string, bytes: Uint8Array): Record<string, string | number> {
  const type = mimeType(path) ?? "application/octet-stream";
  return {
    "content-type": /^text\/|javascript|json|xml/.test(type) ? `${type}; charset=utf-8` : type,
    "content-length": bytes.byteLength,
    "cache-control": "no-cache",
    // No other page may put this one in a frame and have its visitor click there.
    "content-security-policy": "frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
  };
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function tooMuch(folder: string): EtcdError {
  const text = `assets is ${JSON.stringify(folder)}, which holds more than ${mostBytes / 1024 / 1024} MiB: is it the folder of a built page`;
  return new EtcdError("invalid-argument", text);
}
