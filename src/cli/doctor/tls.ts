import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect, type TLSSocket } from "node:tls";
import { type Check, fine, type Outcome } from "../../doctor/examination.ts";
import type { CheckName } from "../../doctor/finding.ts";
import { systemCode } from "../../transport/system-error.ts";

/** Enough for three tabs with some calls each. */
const enoughStreams = 20;
const patienceMs = 10_000;
const [hourMs, dayMs] = [3_600_000, 86_400_000];

/** The certificate: how long it is good for. */
const certificate = overSocket("tls", async (url, signal) => {
  const socket = await handshake(url, signal);
  const { valid_from: from, valid_to: until } = socket.getPeerCertificate();
  socket.destroy();
  return judgeCertificate(new Date(from), new Date(until), new Date());
});

/** What a browser would agree on: HTTP/2 is offered in the TLS handshake or not at all. */
const negotiated = overSocket("http-version", async (url, signal) => {
  const socket = await handshake(url, signal);
  const { alpnProtocol } = socket;
  socket.destroy();
  return alpnProtocol === "h2" ? judgeStreams(await streamsAtOnce(url, signal)) : http1;
});

/**
 * How long a certificate is good for. What renews one of a few hours or days by itself does so when a third or a half of
 * that is left.
 */
export function judgeCertificate(from: Date, until: Date, now: Date): Outcome {
  const lifetimeMs = until.getTime() - from.getTime();
  const leftMs = until.getTime() - now.getTime();
  const seen = `The certificate is good until ${until.toISOString().slice(0, 10)}, for ${inTime(leftMs)}`;
  if (leftMs >= Math.min(14 * dayMs, lifetimeMs / 4)) return fine(seen);
  const means = "Browsers refuse the connection from then on: renew it, and see why nothing has yet";
  return { code: "certificate-expires", level: "warning", seen, means };
}

function inTime(ms: number): string {
  const [count, unit] = ms < 2 * dayMs ? [Math.floor(ms / hourMs), "hour"] : [Math.floor(ms / dayMs), "day"];
  return `${count} more ${unit}${count === 1 ? "" : "s"}`;
}

/** What takes sockets to see. */
export const socketChecks: readonly Check[] = [certificate, negotiated];

/** A check with a connection of its own: that it fails, where others do not, is a finding as well. */
function overSocket(name: CheckName, look: (url: URL, signal: AbortSignal) => Promise<Outcome>): Check {
  return {
    name,
    needs: "answers",
    applies: ({ url }) => url?.protocol === "https:",
    async run({ url, signal }) {
      try {
        return await look(url as URL, signal);
      } catch (error) {
        signal.throwIfAborted();
        return unseen(error);
      }
    },
  };
}

async function handshake({ hostname, port }: URL, signal: AbortSignal): Promise<TLSSocket> {
  const host = hostname.replace(/^\[|\]$/g, "");
  const servername = /[a-z]/i.test(host) && !host.includes(":") ? { servername: host } : {};
  const socket = connect({ host, port: Number(port || 443), ALPNProtocols: ["h2", "http/1.1"], ...servername });
  socket.on("error", () => {}); // told to who waits; what comes after that is of no interest
  try {
    await once(socket, "secureConnect", { signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]) });
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

async function streamsAtOnce({ origin }: URL, signal: AbortSignal): Promise<number> {
  const session = connectHttp2(origin).on("error", () => {});
  try {
    await once(session, "remoteSettings", { signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]) });
    return session.remoteSettings.maxConcurrentStreams ?? Number.POSITIVE_INFINITY;
  } finally {
    session.destroy();
  }
}

function unseen(error: unknown): Outcome {
  return {
    code: "tls-unknown",
    level: "note",
    seen: `Calls are answered, and a connection to look at the TLS fails (${wordFor(error)})`,
    means: "Something on the way may bound connections, or HTTP/2; a browser meets it as well",
  };
}

function wordFor(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === "AbortError" ? `nothing within ${patienceMs / 1000} s` : (systemCode(error) ?? error.message);
}

function judgeStreams(count: number): Outcome {
  const shown = count > 1_000_000 ? "as many streams as it likes" : `${count} streams`;
  if (count >= enoughStreams) return fine(`HTTP/2: a page has one connection, with ${shown} at a time`);
  return {
    code: "few-streams",
    level: "warning",
    seen: `HTTP/2, with ${shown} at a time`,
    means: "All tabs of a browser share them; a client's watches need one to three, and each call one. The rest waits",
  };
}

const http1: Outcome = {
  code: "http-1",
  level: "warning",
  seen: "HTTP/1.1: the TLS handshake offers no HTTP/2",
  means:
    "A browser opens six connections to an origin, for all its tabs. A client's watches need one to three of them, so a user's third tab may wait",
};
