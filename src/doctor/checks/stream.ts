import { wordsOf } from "../../transport/reasons.ts";
import { type Check, fine, type Outcome } from "../examination.ts";
import { isGrpcWeb } from "../exchange.ts";
import type { FindingCode } from "../finding.ts";
import { buffered } from "./buffered.ts";
import { type Followed, follow } from "./follow.ts";
import { isOfEtcd } from "./judge-answer.ts";

/** etcd ends the stream after so long: what a proxy has held back comes then, if it comes at all. */
const lastsMs = 3_000;
const giveUpMs = 8_000;
/** A first answer this late, or so close to the end, was not passed on when it came. */
const promptMs = 2_000;

const permissionDenied = 7;
const canceled = 1;

/** Whether a watch opens, and whether what it says arrives when it is said. */
export const stream: Check = {
  name: "stream",
  needs: "answers",
  async run(examination) {
    const followed = await follow(examination, {
      ...{ lastsMs, giveUpMs },
      onResponse: (_, ms) => ms < promptMs,
    });
    const outcome = judge(followed);
    examination.learned.streams = outcome.code === "ok";
    return outcome;
  },
};

function judge({ head, responses, end, status, endMs }: Followed): Outcome {
  const first = responses[0];
  if (first?.response.canceled) return refused(first.response.cancelReason);
  if (first !== undefined && first.ms >= promptMs) {
    return buffered(
      `etcd's first word on a watch arrives after ${seconds(first.ms)}, ${end === "status" ? "with the end of the stream" : "not when it is said"}`,
    );
  }
  if (first !== undefined) return fine(`A watch opens, and its first answer arrives in ${first.ms.toFixed(0)} ms`);
  if (head !== undefined && (head.status !== 200 || !isGrpcWeb(head)))
    return noStreams(`HTTP ${head.status}${head.type && ` ${head.type}`}`);
  if (end === "late" || endMs >= promptMs) return buffered(`Nothing arrives on a watch within ${seconds(endMs)}`);
  if (status?.code === permissionDenied) return refused(status.text);
  if (status?.code === canceled || (status?.code === 2 && /context canceled/.test(status.text)))
    return endedAtOnce(status.text);
  if (status !== undefined && isOfEtcd(status.text)) return refusedByEtcd(status.text);
  return noStreams(status === undefined ? "the answer breaks off" : `code ${status.code}: ${status.text}`);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function refused(reason: string): Outcome {
  return {
    code: "not-permitted",
    level: "note",
    seen: `The key may not be watched (${reason})`,
    means: "Let the doctor look at a key that may: how streams live cannot be seen without",
  };
}

/** What refusals of etcd mean that are not about who asks. */
const reasons: Readonly<Record<string, readonly [code: FindingCode, means: string]>> = {
  "no leader": ["no-leader", "The client asks for a member with a leader: on another, a watch hears of no change"],
  "rpc not supported for learner": ["learner", "A learner serves no watches: let the proxy go to voting members"],
};

function refusedByEtcd(text: string): Outcome {
  const [code, means] = reasons[wordsOf(text)] ?? ["watch-refused", "It is etcd that says so: look at its members"];
  return { code, level: "fault", seen: `etcd refuses a watch (${text})`, means };
}

function noStreams(how: string): Outcome {
  return {
    code: "no-streams",
    level: "fault",
    seen: `Calls are answered, and a watch is not (${how})`,
    means: "The proxy's routes let only some of etcd's services through, and Watch is not among them",
  };
}

function endedAtOnce(text: string): Outcome {
  return {
    code: "ended-at-once",
    level: "fault",
    seen: `A watch ends as soon as it is asked for (${text})`,
    means:
      "etcd's grpc-proxy does so: it ends watches and leases' keep-alives when the request is whole, and a page can only send it whole",
  };
}
