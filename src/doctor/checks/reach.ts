import { KV } from "../../gen/etcdserverpb/kv_pb.ts";
import { type Check, type Examination, fine, type Outcome, patienceMs } from "../examination.ts";
import { corsOfPage } from "./cors-of-page.ts";
import { judgeAnswer } from "./judge-answer.ts";
import { judgeFailure } from "./judge-failure.ts";
import { whoIsThere } from "./who-is-there.ts";

/** Whether anything answers, and whether what answers is gRPC-Web. */
export const reach: Check = {
  name: "reach",
  needs: "nothing",
  run: async (examination) => {
    const mixed = mixedContent(examination);
    if (mixed !== undefined) return mixed;
    const { learned, inPage, key } = examination;
    const reply = await examination.ask(KV.method.range, { key, countOnly: true });
    learned.server = reply.head?.headers.get("server") ?? undefined;
    if (reply.isSilent) return silent;
    if (reply.failure !== undefined) {
      const byCors = inPage ? await corsOfPage(examination) : [];
      return byCors.length > 0 ? byCors : judgeFailure(reply.failure, examination);
    }
    const wrong = judgeAnswer(reply);
    if (wrong === "nobody we know") return whoIsThere(examination, reply);
    if (wrong !== undefined) return wrong;
    learned.speaks = true;
    const how = reply.head === undefined ? "A transport answers" : `gRPC-Web answers (${reply.head.type})`;
    return fine(`${how} in ${reply.ms.toFixed(0)} ms`);
  },
};

const silent: Outcome = {
  code: "silent",
  level: "fault",
  seen: `Something takes the request and does not answer within ${patienceMs / 1000} s`,
  means: "Calls run into their time-out. The proxy waits for etcd, or something on the way drops what it does not know",
};

/** A page over TLS may load nothing without, but from its own machine. */
function mixedContent({ url, origin }: Examination): Outcome | undefined {
  if (url?.protocol !== "http:" || !origin?.startsWith("https:")) return undefined;
  if (/^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname)) return undefined;
  return {
    code: "mixed-content",
    level: "fault",
    seen: `The page is at ${origin}, and ${url.origin} has no TLS`,
    means: "Browsers refuse it as mixed content before anything is sent: give the proxy a certificate and use https://",
  };
}
