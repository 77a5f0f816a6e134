import { KV } from "../../gen/etcdserverpb/kv_pb.ts";
import type { Examination, Outcome } from "../examination.ts";
import { noPreflight, notAllowed, refused } from "./cors-findings.ts";

/** The headers a page has to be allowed, as they are sent. */
const headers: Readonly<Record<string, string>> = {
  "content-type": "application/grpc-web+proto",
  "x-grpc-web": "1",
  "x-user-agent": "etcd-web-doctor",
  "grpc-timeout": "10000m",
  hasleader: "true",
  token: "etcd-web-doctor",
};

/**
 * What CORS forbids this page. A browser shows no preflight, so this asks for one thing at a time and sees which fails.
 * Nothing: it allows all, or it is not CORS that is in the way.
 */
export async function corsOfPage(examination: Examination): Promise<readonly Outcome[]> {
  const { origin, learned } = examination;
  if (!learned.speaks && !(await send(examination, { mode: "no-cors" }))) return []; // nobody is there at all
  // A request that needs no preflight: whether its answer may be read.
  const readable = await send(examination, { method: "POST", headers: { "content-type": "text/plain" } });
  const passed = await Promise.all(
    Object.entries(headers).map(([name, value]) => send(examination, { method: "POST", headers: { [name]: value } })),
  );
  const missing = Object.keys(headers).filter((_, index) => !passed[index]);
  if (missing.length === 0) return [];
  if (missing.length < passed.length) return [notAllowed(missing, learned.needsSignIn || learned.token !== undefined)];
  if (readable) return [noPreflight("Answers may be read, and no call passes the preflight (OPTIONS)")];
  return [refused(`Something answers, and does not let pages of ${origin} read it`)];
}

/** Whether the page gets to see an answer, whatever it is. */
async function send({ fetch, baseUrl, signal }: Examination, init: RequestInit): Promise<boolean> {
  const stop = new AbortController();
  try {
    const path = `${baseUrl}/${KV.typeName}/${KV.method.range.name}`;
    await fetch(path, { ...init, signal: AbortSignal.any([signal, stop.signal]), cache: "no-store" });
    return true;
  } catch {
    signal.throwIfAborted();
    return false;
  } finally {
    stop.abort();
  }
}
