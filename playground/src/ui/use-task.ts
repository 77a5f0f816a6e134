import { useCallback, useState } from "react";
import { toFailure } from "../text/failure.ts";
import { toast, toastFailure } from "./toast.tsx";

/** Something that a button does. It gives what is to be said about it; undefined: nothing. */
export type Task = () => Promise<string | undefined>;

/** Runs what a button does, and says what came of it: `const [isPending, run] = useTask()`. */
export function useTask(): readonly [isPending: boolean, run: (task: Task) => Promise<boolean>] {
  const [running, setRunning] = useState(0);
  const run = useCallback(async (task: Task): Promise<boolean> => {
    setRunning((before) => before + 1);
    try {
      const text = await task();
      if (text !== undefined) toast({ tone: "good", text });
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
