import { useCallback, useEffect, useState } from "react";
import { Stage } from "./stage.ts";
import type { Step, StepAction } from "./step.ts";

/** A step that is being played. */
export interface Play {
  readonly stage: Stage;
  readonly actions: readonly StepAction[];
  /** How many of them are done. */
  readonly done: number;
  readonly isRunning: boolean;
  readonly run: () => Promise<void>;
}

/** Sets the stage of a step, and clears it when the step is left. Undefined while it is being set. */
export function useStage(step: Step): readonly [play: Play | undefined, restart: () => void] {
  const [set, setSet] = useState<{ readonly stage: Stage; readonly actions: readonly StepAction[] }>();
  const [done, setDone] = useState(0);
  const [isRunning, setRunning] = useState(false);
  const [round, setRound] = useState(0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another round begins anew
  useEffect(() => {
    const stage = new Stage();
    setDone(0);
    setRunning(false);
    step.begin(stage).then(
      (actions) => {
        if (!stage.signal.aborted) setSet({ stage, actions });
      },
      (error: unknown) => {
        if (!stage.signal.aborted) stage.failed(error);
      },
    );
    return () => {
      setSet(undefined);
      void stage[Symbol.asyncDispose]();
    };
  }, [step, round]);

  async function run(): Promise<void> {
    const action = set?.actions[done];
    if (set === undefined || action === undefined || isRunning) return;
    const { signal } = set.stage;
    setRunning(true);
    try {
      await action.run();
      if (!signal.aborted) setDone(done + 1);
    } catch (error) {
      if (!signal.aborted) set.stage.failed(error);
    }
    if (!signal.aborted) setRunning(false);
  }

  const restart = useCallback(() => setRound((before) => before + 1), []);
  return [set && { ...set, done, isRunning, run }, restart];
}
