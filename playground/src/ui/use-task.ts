import { useCallback, useState } from "react";
import { toFailure } from "../text/failure.ts";
import { copyText } from "./copy-button.tsx";
import { toast, toastFailure } from "./toast.tsx";

/** Something that a button does. It gives what is to be said about it; undefined: nothing. */
export type Task = () => Promise<string | undefined>;

/**
 * Runs what a button does, and says what came of it: `const [isPending, run] = useTask()`. The same in TypeScript can be
 * copied then: for buttons that ask nothing before, or it would have been offered there.
 */
export function useTask(): readonly [isPending: boolean, run: (task: Task, code?: string) => Promise<boolean>] {
  const [running, setRunning] = useState(0);
  const run = useCallback(async (task: Task, code?: string): Promise<boolean> => {
    setRunning((before) => before + 1);
    try {
      const text = await task();
      if (text !== undefined) {
        const action = code !== undefined && { label: "Copy as code", run: () => void copyText(code) };
        toast({ tone: "good", text, ...(action && { action }) });
      }
      return true;
    } catch (error) {
      toastFailure(toFailure(error));
      return false;
    } finally {
      setRunning((before) => before - 1);
    }
  }, []);
  return [running > 0, run];
}
