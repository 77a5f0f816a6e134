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
  if (failure instanceof Error && deepest(failure).message === "bad port") {
    return unreachable(
      `Port ${url?.port} is among those that fetch refuses`,
      "No browser calls it: let the proxy listen on another",
    );
  }
  const how = code ?? (failure instanceof Error ? deepest(failure).message : String(failure));
  return unreachable(
    `The connection to ${where} fails (${how})`,
    url?.protocol === "http:"
      ? "Nothing speaks HTTP/1.1 there; a port for TLS would end it so as well: try https://"
      : "Nothing speaks HTTP there",
  );
}

const isOfCertificate = /CERT|^UNABLE_TO_/;
const isOfTls = /SSL|^EPROTO$/;

function deepest(error: Error): Error {
  return error.cause instanceof Error ? deepest(error.cause) : error;
}
