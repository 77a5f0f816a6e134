import type { Outcome, Reply } from "../examination.ts";
import { isGrpcWeb, statusIn } from "../exchange.ts";

/**
 * What is wrong with an answer that has come, if anything is; "nobody we know": it is not of etcd, and who it is has to
 * be asked.
 */
export function judgeAnswer(reply: Reply): Outcome | "nobody we know" | undefined {
  const { head, status } = reply;
  if (status !== undefined && isOfEtcd(status.text)) return undefined; // also without a leader: later checks say so
  if (head === undefined) return status?.code === 14 ? etcdIsNotThere(status.text) : undefined;
  if (head.isRedirect) return redirected(head.headers.get("location"));
  if (head.status === 415 || head.type.startsWith("application/grpc+") || head.type === "application/grpc")
    return noFilter(reply);
  if (head.status === 401 || head.status === 403 || head.status === 407) return refused(reply);
  if (isNotHttp2(reply)) return notHttp2(wordsIn(reply));
  const hasFailed = head.status >= 500 && head.status !== 501; // which a server of files answers to any POST
  if (hasFailed || status?.code === 14) return etcdIsNotThere(wordsIn(reply) || `HTTP ${head.status}`);
  if (status?.code === 12 && /^unknown service/.test(status.text)) return pathPassedOn(status.text);
  if (head.status !== 200 || !isGrpcWeb(head)) return "nobody we know";
  return undefined;
}

/** Whether these are etcd's own words: it has answered then, whatever it says. */
export function isOfEtcd(words: string): boolean {
  return /^(rpc error: code = \w+ desc = )?etcdserver: /.test(words);
}

const mostCharacters = 160;

/** What a proxy says of what went wrong behind it, in one line. */
export function wordsIn({ head, status, text }: Reply): string {
  const said = status?.text || (head && statusIn(head.headers, "headers")?.text) || withoutMarkup(text);
  return said.replace(/\s+/g, " ").trim().slice(0, mostCharacters);
}

function withoutMarkup(text: string): string {
  return text.replace(/<(style|script|title)\b[\s\S]*?<\/\1>|<[^>]*>/g, " ");
}

// What etcd's HTTP/1.1 side knows nothing of; and what becomes of HTTP/1.1 on a port that takes none, or of TLS.
function isNotHttp2(reply: Reply): boolean {
  const words = wordsIn(reply);
  if (
    reply.head?.status === 404 &&
    /404 page not found/i.test(words) &&
    reply.head.type.startsWith("application/grpc-web")
  )
    return true;
  return /reset reason: (protocol error|remote reset|connection termination)/.test(words);
}

function notHttp2(words: string): Outcome {
  return {
    code: "etcd-not-http2",
    level: "fault",
    seen: `The proxy translates gRPC-Web, and etcd does not understand what it passes on (${words})`,
    means:
      "gRPC needs HTTP/2 all the way: the proxy speaks HTTP/1.1 to etcd, or TLS where etcd has none, or the other way round",
  };
}

function noFilter({ head }: Reply): Outcome {
  return {
    code: "no-grpc-web-filter",
    level: "fault",
    seen: `The answer is ${head?.status} ${head?.type || "without a content type"}: the proxy passes gRPC-Web on to etcd as it is`,
    means: "etcd speaks gRPC and no gRPC-Web: a filter of the proxy has to translate, and there is none",
  };
}

function pathPassedOn(words: string): Outcome {
  return {
    code: "wrong-path",
    level: "fault",
    seen: `etcd answers, and does not know the path that the proxy asks it for (${words})`,
    means: "The proxy has to take its prefix off before it passes the call on",
  };
}

function etcdIsNotThere(words: string): Outcome {
  return {
    code: "etcd-unreachable",
    level: "fault",
    seen: `The proxy answers and does not reach etcd (${words})`,
    means: "etcd is not running, or the proxy looks for it at another address",
  };
}

function redirected(location: string | null): Outcome {
  return {
    code: "redirected",
    level: "fault",
    seen: `The answer is a redirection to ${location ?? "another address"}`,
    means: "A call cannot follow it: use the URL that it leads to",
  };
}

function refused(reply: Reply): Outcome {
  const words = wordsIn(reply);
  return {
    code: "refused",
    level: "fault",
    seen: `The answer is ${reply.head?.status}${words ? `: ${words}` : ""}`,
    means: "The proxy, or what stands before it, refuses this call before etcd sees it",
  };
}
