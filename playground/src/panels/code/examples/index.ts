import atomicMove from "./atomic-move.ts?raw";
import election from "./election.ts?raw";
import firstWatch from "./first-watch.ts?raw";
import liveView from "./live-view.ts?raw";
import lock from "./lock.ts?raw";

/** A program to begin with. */
export interface Example {
  readonly id: string;
  readonly title: string;
  readonly code: string;
}

export const examples: readonly [Example, ...Example[]] = [
  { id: "first-watch", title: "A first watch", code: firstWatch },
  { id: "atomic-move", title: "An atomic move", code: atomicMove },
  { id: "lock", title: "Two workers, one lock", code: lock },
  { id: "election", title: "An election, and a crash", code: election },
  { id: "live-view", title: "A live view", code: liveView },
];
