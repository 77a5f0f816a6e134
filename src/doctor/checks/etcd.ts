import { Maintenance } from "../../gen/etcdserverpb/maintenance_pb.ts";
import { type Check, fine, type Outcome } from "../examination.ts";
import { bugsOf } from "./known-bugs.ts";

/** Which etcd it is, and which bugs of it no client can make up for. */
export const etcd: Check = {
  name: "etcd",
  needs: "answers",
  async run({ ask }) {
    const { message, status } = await ask(Maintenance.method.status, {});
    if (message === undefined) return hidden(status?.text ?? "no answer");
    return judgeVersion(message.version);
  },
};

/** What is known of a version. */
export function judgeVersion(version: string): Outcome {
  const bugs = bugsOf(version);
  if (bugs.tooOld) {
    return {
      code: "too-old",
      level: "warning",
      seen: `etcd ${version}`,
      means: "The client is tested against 3.4 and later",
    };
  }
  if (bugs.known.length === 0) return fine(`etcd ${version}`);
  return {
    code: "known-bugs",
    level: bugs.known.some(({ loses }) => loses) ? "warning" : "note",
    seen: `etcd ${version} has bugs that later ones have not: ${bugs.known.map(({ what }) => what).join("; ")}`,
    means: `No client can make up for them. Upgrade to ${bugs.mendedIn} or later`,
  };
}

function hidden(why: string): Outcome {
  return {
    code: "version-hidden",
    level: "note",
    seen: `etcd does not tell its version (${why})`,
    means:
      "With users, some releases tell root alone, and a gateway may let nobody ask. Look at it there: etcd --version",
  };
}
