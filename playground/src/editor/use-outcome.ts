import type { Etcd } from "etcd-web";
import { useEffect, useRef, useState } from "react";
import { toFailure } from "../ui/failure.ts";
import type { Outcome } from "./outcome.ts";

/** A call of the form: it gives what came of it. The signal aborts when nobody waits for that any more. */
export type Task = (signal: AbortSignal) => Promise<Outcome>;

const patienceMs = 200;

/** The last task's outcome. A new task takes the place of the one before, and a new client forgets it. */
export function useOutcome(etcd: Etcd): [outcome: Outcome | undefined, run: (pending: Outcome, task: Task) => void] {
  const [outcome, setOutcome] = useState<Outcome>();
  const running = useRef(new AbortController());

  // biome-ignore lint/correctness/useExhaustiveDependencies: what came of it belongs to the client
  useEffect(() => {
    setOutcome(undefined);
    return () => running.current.abort();
  }, [etcd]);

  function run(pending: Outcome, task: Task): void {
    running.current.abort();
    const current = new AbortController();
    running.current = current;
    const tell = (next: Outcome): void => {
      if (!current.signal.aborted) setOutcome(next);
    };
    // Most answers are there before anybody could read that they are waited for.
    const late = setTimeout(tell, patienceMs, pending);
    task(current.signal)
      .then(tell, (error: unknown) => tell({ type: "failed", failure: toFailure(error) }))
      .finally(() => clearTimeout(late));
  }

  return [outcome, run];
}
