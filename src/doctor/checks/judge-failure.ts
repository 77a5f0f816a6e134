import { systemCode } from "../../transport/system-error.ts";
import type { Examination, Outcome } from "../examination.ts";

/** Why fetch has failed, in words for whoever runs the proxy. */
export function judgeFailure(failure: unknown, { url }: Pick<Examination, "url">): Outcome {
  const where = url?.host ?? "the endpoint";
  const code = systemCode(failure);
  const unreachable = (seen: string, means: string): Outcome => ({ code: "unreachable", level: "fault", seen, means });
  if (code === "ECONNREFUSED") {
    return unreachable(
      `Nobody listens at ${where} (${code})`,
      "Start the proxy there, or use the address it listens on",
    );
  }
  if (code === "ENOTFOUND" || code === "EAI_AGAIN") {
    return unreachable(
      `There is no address for the name ${url?.hostname} (${code})`,
      "Look at how it is written, and at the DNS",
    );
  }
  if (code !== undefined && isOfCertificate.test(code)) {
    return {
      code: "certificate",
      level: "fault",
      seen: `The certificate of ${where} is not trusted (${code})`,
      means:
        "Browsers refuse to connect. Use one of an authority that browsers know, with this name in it, and still valid",
    };
  }
  if (code !== undefined && isOfTls.test(code)) {
    return unreachable(
      `${where} does not speak TLS (${code})`,
      "The URL begins with https:// and the proxy has no TLS there: use http://, or its other port",
    );
  }
  const words = failure instanceof Error ? deepest(failure).message.trim() : String(failure);
  const alert = /SSL routines:.*?alert ([a-z ]+)/.exec(words)?.[1];
  if (alert !== undefined)
    return unreachable(`Somebody listens at ${where}, and the TLS handshake is refused (${alert})`, meaningOf(alert));
  if (words === "bad port") {
    return unreachable(
      `Port ${url?.port} is among those that fetch refuses`,
      "No browser calls it: let the proxy listen on another",
    );
  }
  return unreachable(
    `The connection to ${where} fails (${code ?? words})`,
    url?.protocol === "http:"
      ? "Nothing speaks HTTP/1.1 there; a port for TLS would end it so as well: try https://"
      : "Nothing speaks HTTP there, or it asks for a client's certificate and does not say so",
  );
}

const isOfCertificate = /CERT|^UNABLE_TO_/;
const isOfTls = /SSL|^EPROTO$/;

/** What mends a handshake that ends with such an alert. */
const alerts: readonly (readonly [alert: RegExp, means: string])[] = [
  [
    /certificate|unknown ca/,
    "It asks for a client's certificate, as etcd does with --client-cert-auth: pages have none. Call a proxy that has one for etcd and asks for none",
  ],
  [/protocol version|insufficient security/, "Browsers want TLS 1.2 or 1.3: let the proxy offer them"],
  [
    /application protocol/,
    "It speaks HTTP/2 alone. Browsers do as well, and this program's fetch does not: etcd-web doctor does, from Node 24",
  ],
];

function meaningOf(alert: string): string {
  const known = alerts.find(([pattern]) => pattern.test(alert))?.[1];
  return known ?? "It has no certificate for this name, or no cipher that browsers have: look at its log";
}

function deepest(error: Error): Error {
  return error.cause instanceof Error ? deepest(error.cause) : error;
}
