import type { Stage } from "./stage.ts";

/** A step of the tour. Each begins on an empty etcd of its own, so any of them can be the first. */
export interface Step {
  /** In links, and in what is kept of the progress. */
  readonly name: string;
  readonly title: string;
  /** Two or three plain sentences each. */
  readonly text: string;
  /** What it looks like with this library. */
  readonly code: string;
  /** Lays out what is there already, and gives what can be done, in this order. */
  begin(stage: Stage): Promise<readonly StepAction[]>;
  /** What to take home: shown when all of it is done. */
  readonly learned: string;
}

/** A button that does something real. */
export interface StepAction {
  readonly label: string;
  run(): Promise<void>;
}
