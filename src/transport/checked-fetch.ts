import { EtcdError, type EtcdErrorCode } from "../base/errors.ts";
import type { Platform } from "../platform/platform.ts";
import { findReason } from "./reasons.ts";
import { neverSent, systemCode } from "./system-error.ts";

const putAProxy = "etcd itself does not speak gRPC-Web: put Envoy or `npx etcd-web` before it and use its URL";

/**
 * By their bodies, for as long as somebody reads those. Deno 2 forgets a request whose Response was collected, and what
 * still reads its body then hears of neither an end nor an abort.
 */
const responses = new WeakMap<ReadableStream, Response>();

/**
 * A fetch that knows what it should be talking to. What is not a gRPC-Web answer becomes an EtcdError that says what it
 * is instead: connect-web alone would read an HTML page as a broken message.
 */
export function checkedFetch(platform: Pick<Platform, "fetch" | "origin">): typeof fetch {
  return async (input, init) => {
    // connect-web asks for "error", which Workers refuse to know. Not followed either way: the body would be lost.
    const response = await reach(platform, String(input), { ...init, redirect: "manual" });
    const wrong = findWrong(response);
    if (wrong === undefined) {
      if (response.body !== null) responses.set(response.body, response);
      return response;
    }
    await response.body?.cancel().catch(() => {});
    throw new EtcdError(wrong.code, `${origin(response.url || String(input))} ${wrong.text}`, {
      mayHaveRun: wrong.mayHaveRun,
    });
  };
}

async function reach(platform: Pick<Platform, "fetch" | "origin">, url: string, init: RequestInit): Promise<Response> {
  try {
    return await platform.fetch(url, init);
  } catch (cause) {
    if (init.signal?.aborted) throw cause;
    throw unreachable(platform.origin, url, cause);
  }
}

function unreachable(page: string | undefined, url: string, cause: unknown): EtcdError {
  const target = origin(url);
  const sent = !neverSent(cause);
  if (page !== undefined && page !== target) {
    const text = `${target} could not be reached from ${page}: it does not answer, or its CORS settings do not allow this page. A proxy must allow this origin and the headers that etcd-web lists as cors`;
    return new EtcdError("cors-or-network", text, { cause, mayHaveRun: sent });
  }
  const text = `${target} could not be reached${because(cause)}. Is the proxy running, and is this its URL?`;
  return new EtcdError("unavailable", text, { cause, mayHaveRun: sent });
}

function because(error: unknown): string {
  const code = systemCode(error);
  return code === undefined ? "" : ` (${code})`;
}

interface Wrong {
  readonly code: EtcdErrorCode;
  readonly text: string;
  readonly mayHaveRun: boolean;
}

function findWrong(response: Response): Wrong | undefined {
  const type = response.headers.get("content-type") ?? "";
  if (response.ok && type.startsWith("application/grpc-web")) return undefined;
  const answered = `answered ${response.status}${type === "" ? "" : ` with ${type}`}`;
  const wrong = (code: EtcdErrorCode, text: string, mayHaveRun = false): Wrong => ({ code, text, mayHaveRun });
  const refused = (code: EtcdErrorCode, text: string): Wrong => wrong(code, `${answered}: the proxy ${text}`);
  if (response.type === "opaqueredirect" || (response.status >= 300 && response.status < 400)) {
    const target = response.headers.get("location") ?? "another address";
    return wrong("not-grpc-web", `redirects to ${target}: use the final URL of the proxy`);
  }
  switch (response.status) {
    case 401:
      return refused("unauthenticated", "asks for a sign-in of its own");
    case 403:
      return refused("permission-denied", "refuses this call");
    case 404:
    case 501: // a server of files, which takes no POST
      return wrong("not-grpc-web", `${answered}: there is no etcd at this URL. ${putAProxy}`);
    case 408:
      return { ...refused("unavailable", "has not waited any longer"), mayHaveRun: true };
    case 413:
      return refused("too-large", "takes no request as large as this");
    case 415:
      return refused("not-grpc-web", "has no gRPC-Web filter. Add envoy.filters.http.grpc_web before the router");
    case 429:
      return refused("rate-limited", "asks to slow down");
    default:
      // 502 to 504, and Cloudflare's 520 to 524: the proxy had no answer, or none in time.
      if (response.status >= 500) {
        const words = response.headers.get("grpc-message") ?? "no reason given";
        const mayHaveRun = findReason(words)?.mayHaveRun ?? true;
        return { ...refused("unavailable", `does not reach etcd (${words})`), mayHaveRun };
      }
      // A page is somebody else's answer; of anything else we cannot know.
      return wrong(
        "not-grpc-web",
        `${answered}, where a gRPC-Web answer was expected. ${putAProxy}`,
        response.ok && !/^(text\/html|application\/json|$)/.test(type),
      );
  }
}

function origin(url: string): string {
  return new URL(url).origin;
}
