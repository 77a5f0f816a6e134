import { once } from "node:events";
import { connect as connectHttp2 } from "node:http2";
import { connect, type TLSSocket } from "node:tls";
import { type Check, type Examination, fine, type Outcome } from "../../doctor/examination.ts";

/** Enough for three tabs with some calls each. */
const enoughStreams = 20;
const patienceMs = 10_000;
const [hourMs, dayMs] = [3_600_000, 86_400_000];

const isOverTls = ({ url }: Examination): boolean => url?.protocol === "https:";

const certificate: Check = {
  name: "tls",
  needs: "answers",
  applies: isOverTls,
  async run({ url, signal }) {
    const socket = await handshake(url as URL, signal);
    const { valid_from: from, valid_to: until } = socket.getPeerCertificate();
    socket.destroy();
    return judgeCertificate(new Date(from), new Date(until), new Date());
  },
};

/** What a browser would agree on: HTTP/2 is offered in the TLS handshake or not at all. */
const negotiated: Check = {
  name: "http-version",
  needs: "answers",
  applies: isOverTls,
  async run({ url, signal }) {
    const socket = await handshake(url as URL, signal);
    const { alpnProtocol } = socket;
    socket.destroy();
    return alpnProtocol === "h2" ? judgeStreams(await streamsAtOnce(url as URL, signal)) : http1;
  },
};

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

async function handshake({ hostname, port }: URL, signal: AbortSignal): Promise<TLSSocket> {
  const host = hostname.replace(/^\[|\]$/g, "");
  const servername = /[a-z]/i.test(host) && !host.includes(":") ? { servername: host } : {};
  const socket = connect({ host, port: Number(port || 443), ALPNProtocols: ["h2", "http/1.1"], ...servername });
  await once(socket, "secureConnect", { signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]) });
  return socket;
}

async function streamsAtOnce({ origin }: URL, signal: AbortSignal): Promise<number> {
  const session = connectHttp2(origin);
  try {
    await once(session, "remoteSettings", { signal: AbortSignal.any([signal, AbortSignal.timeout(patienceMs)]) });
    return session.remoteSettings.maxConcurrentStreams ?? Number.POSITIVE_INFINITY;
  } finally {
    session.destroy();
  }
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
