import { encodeEnvelopes } from "@connectrpc/connect/protocol";
import { KV } from "../../gen/etcdserverpb/kv_pb.ts";
import { type Examination, type Outcome, patienceMs } from "../examination.ts";
import { noPreflight, notAllowed, refused } from "./cors-findings.ts";
import { inTime } from "./in-time.ts";

/** The headers a page has to be allowed, as they are sent. */
const headers: Readonly<Record<string, string>> = {
  "content-type": "application/grpc-web+proto",
  "x-grpc-web": "1",
  "x-user-agent": "etcd-web-doctor",
  "grpc-timeout": `${patienceMs}m`,
  hasleader: "true",
  token: "etcd-web-doctor",
};

/** A read without a key, which etcd refuses. Without any message at all Envoy's filter would wait for one. */
const body = encodeEnvelopes({ flags: 0, data: new Uint8Array() });

/**
 * What CORS forbids this page. A browser shows no preflight, so this asks for all, and where that fails for one thing at
 * a time. Nothing: it allows all, or it is not CORS that is in the way.
 */
export async function corsOfPage(examination: Examination): Promise<readonly Outcome[]> {
  const { origin, learned } = examination;
  if (await send(examination, { method: "POST", headers, body })) return [];
  if (!learned.speaks && !(await send(examination, { mode: "no-cors" }))) return []; // nobody is there at all
  // A request that needs no preflight: whether its answer may be read.
  const readable = await send(examination, { method: "POST", headers: { "content-type": "text/plain" } });
  const passed = await Promise.all(
    Object.entries(headers).map(([name, value]) =>
      send(examination, { method: "POST", headers: { [name]: value }, body }),
    ),
  );
  const missing = Object.keys(headers).filter((_, index) => !passed[index]);
  if (missing.length > 0 && missing.length < passed.length) {
    learned.forbidden = missing;
    return [notAllowed(missing, learned.needsSignIn || learned.token !== undefined)];
  }
  if (readable) return [noPreflight("Answers may be read, and no call passes the preflight (OPTIONS)")];
  return [refused(`Something answers, and does not let pages of ${origin} read it`)];
}

/** Whether the page gets to see an answer, whatever it is. */
async function send(examination: Examination, init: RequestInit): Promise<boolean> {
  const { fetch, baseUrl } = examination;
  const url = `${baseUrl}/${KV.typeName}/${KV.method.range.name}`;
  const answer = await inTime(examination, (signal) => fetch(url, { ...init, signal, cache: "no-store" }));
  return answer !== undefined;
}
