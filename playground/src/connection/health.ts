import type { ConnectionState } from "etcd-web";
import { type Failure, toFailure } from "../text/failure.ts";

/** How the connection is doing, for people. */
export interface Health {
  readonly tone: "good" | "wait" | "bad" | "none";
  readonly word: string;
  readonly meaning: string;
  readonly reason?: Failure;
  /** When the next try is due. */
  readonly nextTry?: Date;
}

/** What the watch streams say; while there is none, what the last question to etcd said. */
export function toHealth(state: ConnectionState, reach: Reach): Health {
  switch (state.state) {
    case "live":
      return { tone: "good", word: "Live", meaning: "Changes arrive as they happen." };
    case "connecting":
      return { tone: "wait", word: "Connecting", meaning: "A watch is being opened." };
    case "reconnecting": {
      const meaning = "The watches go on where they were as soon as etcd answers again.";
      const reason = toFailure(state.reason);
      return { tone: "wait", word: "Reconnecting", meaning, reason, nextTry: state.nextRetryAt };
    }
    case "closed":
      return { tone: "bad", word: "Closed", meaning: "Nothing goes to etcd and nothing comes from it." };
    case "idle":
      return reach;
    default:
      return state satisfies never;
  }
}

/** What came of a question to etcd. */
export type Reach = Health;

export const asking: Reach = { tone: "wait", word: "Connecting", meaning: "etcd is asked for a first answer." };
export const reached: Reach = { tone: "good", word: "Ready", meaning: "etcd answers. No watch is open." };

export function unreached(error: unknown, nextTry: Date): Reach {
  const reason = toFailure(error);
  return { tone: "bad", word: "Unreachable", meaning: "etcd has not answered.", reason, nextTry };
}
