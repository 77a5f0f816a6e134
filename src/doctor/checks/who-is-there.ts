import { KV } from "../../gen/etcdserverpb/kv_pb.ts";
import type { Examination, Outcome, Reply } from "../examination.ts";
import { overFetch } from "../exchange.ts";
import { inTime } from "./in-time.ts";
import { judgeAnswer, wordsIn } from "./judge-answer.ts";

/** Who it is that answers in place of etcd, asked where etcd's gateway, or another path, would answer. */
export async function whoIsThere(examination: Examination, reply: Reply): Promise<Outcome> {
  if (await isJsonGateway(examination)) return jsonGateway;
  const elsewhere = await foundAtRoot(examination);
  const { status = 0, type = "" } = reply.head ?? {};
  const answer = `The answer is ${status}${type === "" ? "" : ` ${type}`}`;
  if (elsewhere !== undefined) {
    return {
      code: "wrong-path",
      level: "fault",
      seen: `${answer}: there is no etcd at ${examination.baseUrl}, and there is one at ${elsewhere}`,
      means: "Use that URL, or let the proxy take the prefix off before it passes the call on",
    };
  }
  if (status === 404 || status === 405 || /html/.test(type)) {
    return {
      code: "wrong-path",
      level: "fault",
      seen: `${answer}: there is no etcd at ${examination.baseUrl}`,
      means:
        "The proxy has no route for /etcdserverpb.KV/Range below this URL: the URL lacks the prefix of the route, or the proxy passes the prefix on to etcd, which knows of none",
    };
  }
  const words = wordsIn(reply);
  return {
    code: "not-grpc-web",
    level: "fault",
    seen: `${answer}${words ? ` (${words})` : ""}, where application/grpc-web+proto was expected`,
    means: "What answers here is no gRPC-Web proxy",
  };
}

const jsonGateway: Outcome = {
  code: "json-gateway",
  level: "fault",
  seen: "etcd's own JSON gateway answers here, and nothing that speaks gRPC-Web",
  means: "The JSON gateway cannot carry what the client needs: put a gRPC-Web proxy before etcd and use its URL",
};

async function isJsonGateway(examination: Examination): Promise<boolean> {
  const { fetch, baseUrl } = examination;
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ key: "AA==", count_only: true });
  const said = await inTime(examination, async (signal) => {
    const response = await fetch(`${baseUrl}/v3/kv/range`, { method: "POST", headers, body, signal });
    return response.text();
  });
  return said !== undefined && /"cluster_id"|"etcdserver: /.test(said);
}

async function foundAtRoot({ ask, url, fetch, key }: Examination): Promise<string | undefined> {
  if (url === undefined || url.pathname === "/") return undefined;
  const reply = await ask(KV.method.range, { key, countOnly: true }, { open: overFetch(url.origin, fetch) });
  const answers = reply.head !== undefined && judgeAnswer(reply) === undefined;
  return answers ? url.origin : undefined;
}
