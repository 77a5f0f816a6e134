import { KV } from "../../gen/etcdserverpb/kv_pb.ts";
import { type Check, type Examination, fine, type Outcome, type Reply } from "../examination.ts";
import { isGrpcWeb } from "../exchange.ts";
import { notExposed } from "./cors-findings.ts";

const words = "etcdserver: key is not provided";
const invalidArgument = 3;

/** Whether an error of etcd arrives as what it is. A read without a key is refused before anything else is looked at. */
export const errors: Check = {
  name: "errors",
  needs: "answers",
  async run(examination) {
    const reply = await examination.ask(KV.method.range, {});
    return judge(reply, examination);
  },
};

function judge({ head, status, failure, isSilent }: Reply, { inPage, url, origin }: Examination): Outcome {
  if (isSilent || failure !== undefined) return lost("A call that etcd refuses gets no answer");
  if (status === undefined) {
    const hidden = inPage && origin !== url?.origin && head?.status === 200 && isGrpcWeb(head);
    if (hidden) return notExposed(["grpc-status", "grpc-message"]);
    return lost(`An error of etcd arrives as ${head?.status} ${head?.type} without grpc-status`);
  }
  if (head !== undefined && head.status !== 200) {
    return changed(`An error of etcd arrives as HTTP ${head.status}`);
  }
  if (status.text === words && status.code === invalidArgument) {
    return fine(
      `An error arrives with its code and its words, in the ${status.via === "headers" ? "headers" : "trailers"}`,
    );
  }
  if (status.text === words) return codesLost(status.code);
  // A gateway with rules of its own may refuse it in its own words.
  if (status.text !== "" && ![0, 2, 13, 14].includes(status.code))
    return fine(`An error arrives with its code (${status.text})`);
  return changed(
    `etcd's "${words}" arrives as code ${status.code}${status.text ? ` "${status.text}"` : " without words"}`,
  );
}

function lost(seen: string): Outcome {
  return {
    code: "errors-lost",
    level: "fault",
    seen,
    means:
      "The client can tell that a call has failed and not why, and whether a write has run: it can neither sign in again nor repeat",
  };
}

function changed(seen: string): Outcome {
  return {
    code: "errors-changed",
    level: "fault",
    seen,
    means: "The client takes etcd's refusals for something else, such as an outage, and repeats what cannot succeed",
  };
}

function codesLost(code: number): Outcome {
  return {
    code: "codes-lost",
    level: "warning",
    seen: `An error arrives with etcd's words and code ${code} in place of ${invalidArgument}`,
    means: "As etcd's own grpc-proxy does it. etcd-web goes by the words; other clients go by the code",
  };
}
