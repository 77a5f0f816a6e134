import { useTask } from "../../ui/use-task.ts";

/** Changes something, says what came of it, and has the panel read again, whatever that was. */
export function useChange(onChange: () => void): (said: string, task: () => Promise<unknown>, code?: string) => void {
  const [, run] = useTask();
  return (said, task, code) =>
    void run(async () => {
      await task();
      return said;
    }, code).finally(onChange);
}
