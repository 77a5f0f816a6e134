import type { Desk } from "../desk.ts";

/** Where the contract runs: a runtime that has gone to the desk for its orders. */
export interface Place extends AsyncDisposable {
  readonly version: string;
  /** What the runtime itself has printed or logged so far. */
  complaints(): readonly string[];
}

/** What a runtime is started with. */
export interface Start {
  readonly desk: Desk;
  /** The bundle for it. */
  readonly script: string;
  /** Hosts and ports that it is to reach, and no others where it can be told so. */
  readonly hosts: readonly string[];
}

/** Starts a runtime. */
export type Enter = (start: Start) => Promise<Place>;
