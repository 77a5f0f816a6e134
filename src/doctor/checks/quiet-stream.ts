import { linkSignals } from "../../base/signals.ts";
import { type Check, type Examination, fine, type Outcome } from "../examination.ts";
import { buffered } from "./buffered.ts";
import { type Followed, follow } from "./follow.ts";

/** How much later a proxy may cut one of two streams that it cuts for the same reason. */
const slackMs = 1_500;
/** What was sent at different times, and arrives within so little of the end, was held back. */
const atOnceMs = 100;
/** Below this, a page spends its time on opening streams again. */
const shortMs = 330_000;
/** etcd's default is ten minutes; who looks for less than this cannot tell. */
const patientSeconds = 12;

/**
 * How long a stream lives on which nothing happens, and one on which etcd tells its revision: what cuts the first alone
 * is a time-out of quiet streams, what cuts both, one of all.
 */
export const quietStream: Check = {
  name: "quiet-stream",
  needs: "streams",
  applies: ({ quietSeconds }) => quietSeconds > 0,
  async run(examination) {
    const { quiet, told } = await watchBoth(examination);
    return [judgeLife(quiet, told, examination), judgeProgress(told, examination)];
  },
};

async function watchBoth(examination: Examination): Promise<{ quiet: Followed; told: Followed }> {
  const { quietSeconds, platform } = examination;
  const giveUpMs = quietSeconds * 1000;
  // etcd ends the second: what a proxy has held back comes then. Late enough not to be taken for a time-out.
  const livesMs = giveUpMs + 2 * slackMs;
  const enough = linkSignals();
  const stopTelling = tellEachSecond(examination);
  let [responses, cancel] = [0, (): void => {}];
  const lookOn = (quiet: Followed): Followed => {
    cancel = platform.setTimeout(() => enough.abort(undefined), lookOnMs(quiet, responses > 1));
    return quiet;
  };
  try {
    const [quiet, told] = await Promise.all([
      follow(examination, { giveUpMs }).then(lookOn),
      follow(examination, {
        ...{ progressNotify: true, signal: enough.signal, lastsMs: livesMs, giveUpMs: livesMs + slackMs },
        onResponse() {
          responses++;
          return false;
        },
      }),
    ]);
    return { quiet, told };
  } finally {
    cancel();
    stopTelling();
  }
}

/** How long to look on at the stream that is told once the quiet one is over. */
function lookOnMs({ end, endMs }: Followed, hasBeenTold: boolean): number {
  if (end === "cut" || end === "status") return slackMs + endMs / 4; // whether it is cut as well
  return hasBeenTold ? 0 : 3 * slackMs; // whether it comes all at once
}

function tellEachSecond({ platform, tell, quietSeconds }: Examination): () => void {
  const begun = platform.now();
  let cancel = (): void => {};
  const next = (): void => {
    const seconds = Math.min(quietSeconds, Math.floor((platform.now() - begun) / 1000));
    tell(seconds, quietSeconds);
    cancel = platform.setTimeout(next, 1_000);
  };
  next();
  return () => cancel();
}

function judgeLife(quiet: Followed, told: Followed, { quietSeconds }: Examination): Outcome {
  if (quiet.end === "own") {
    return fine(`A quiet stream lives for ${seconds(quiet.endMs)}, after which this program's own fetch ends it`);
  }
  if (quiet.end === "late") {
    return fine(`A quiet stream lives for ${quietSeconds} s and more; a longer look finds longer time-outs`);
  }
  const level = quiet.endMs < shortMs ? "fault" : "warning";
  const after = `after ${seconds(quiet.endMs)}`;
  const progress = progressTimes(told);
  const toldCut = (told.end === "cut" || told.end === "status") && told.endMs < quiet.endMs + slackMs;
  if (!toldCut && progress.length > 0) {
    return {
      code: "cut-when-quiet",
      level,
      seen: `A stream on which nothing happens is cut ${after}; one on which etcd tells its revision lives on`,
      means: `A time-out of quiet streams${suspects(quiet.endMs)}. Watches open again and again; each time costs a round trip, and what changed meanwhile comes late`,
    };
  }
  if (toldCut && progress.some((ms) => ms > told.endMs / 4)) {
    return {
      code: "cut-by-time",
      level,
      seen: `Every stream is cut ${after}, whether or not anything happens on it`,
      means: `A time-out of whole requests, as for a page that is loaded${suspects(quiet.endMs)}. Watches open again and again; each time costs a round trip, and what changed meanwhile comes late`,
    };
  }
  return {
    code: "cut",
    level,
    seen: `A quiet stream is cut ${after}`,
    means: `A time-out of quiet streams, or of whole requests${suspects(quiet.endMs)}. etcd tells its revision too seldom here to see which`,
  };
}

/** Whose default it may be. */
const defaults: readonly (readonly [seconds: number, whose: string])[] = [
  [10, "grpcwebproxy's"],
  [15, "Envoy's for a route"],
  [30, "Google Cloud's for a backend service"],
  [60, "nginx's, AWS ALB's or Safari's"],
  [100, "Cloudflare's"],
  [230, "Azure's load balancer's"],
  [300, "Envoy's for quiet streams"],
  [350, "AWS NLB's"],
];

function suspects(ms: number): string {
  const whose = defaults.find(([seconds]) => Math.abs(ms / 1000 - seconds - 0.5) <= 1.5)?.[1];
  return whose === undefined ? "" : `: it is ${whose} default`;
}

function judgeProgress(told: Followed, { quietSeconds }: Examination): Outcome {
  const times = progressTimes(told);
  const [first, second] = times;
  const atOnce = times.filter((ms) => told.endMs - ms < atOnceMs);
  if (told.end === "status" && atOnce.length > 1 && atOnce.length === times.length && told.endMs > 2 * slackMs) {
    return {
      check: "delivery",
      ...buffered(`What etcd tells on a stream arrives all at once after ${seconds(told.endMs)}`),
    };
  }
  if (first !== undefined) {
    const interval = second === undefined ? first : second - first;
    return { check: "progress", ...fine(`etcd tells a quiet watch its revision about every ${seconds(interval)}`) };
  }
  const lookedSeconds = Math.min(quietSeconds, told.endMs / 1000);
  const isShort = lookedSeconds < patientSeconds;
  return {
    check: "progress",
    code: "no-progress",
    level: isShort ? "note" : "warning",
    seen: `etcd has not told its revision within ${lookedSeconds.toFixed(0)} s`,
    means: isShort
      ? "That is too short to tell: etcd's default is ten minutes, and 10 s is advised"
      : "Ten minutes is etcd's default. A quiet watch of a prefix can end as compacted after a broken link, and a dead link is noticed late",
  };
}

function progressTimes({ responses }: Followed): readonly number[] {
  const isProgress = ({ response }: Followed["responses"][number]): boolean =>
    !response.created && !response.canceled && response.events.length === 0;
  return responses.filter(isProgress).map(({ ms }) => ms);
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(ms < 9_500 ? 1 : 0)} s`;
}
