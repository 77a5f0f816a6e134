import { performance } from "node:perf_hooks";
import type { Caller } from "../callers/caller.ts";
import { type CallerName, createCaller } from "../callers/callers.ts";
import type { Operation } from "../callers/operation.ts";
import type { Place } from "../contenders/contender.ts";
import { runJob } from "../run-job.ts";
import { median } from "../samples.ts";

interface Args {
  readonly place: Place;
  readonly callers: readonly CallerName[];
  readonly operation: Operation;
  /** How often each is asked. */
  readonly times: number;
}

const value = new Uint8Array(100).fill(120);
const keys = Array.from({ length: 200 }, (_, i) => `calls/${i}`);

const operations: Record<Operation, (caller: Caller, i: number) => Promise<unknown>> = {
  get: (caller, i) => caller.get(keyAt(i)),
  put: (caller, i) => caller.put(keyAt(i), value),
  txn: (caller, i) => caller.replace(keyAt(i), value),
  "50 gets": (caller) => caller.getAll(keys.slice(0, 50)),
  "200 gets": (caller) => caller.getAll(keys),
};

/**
 * Median milliseconds of an operation, for each caller: they take turns at every single one, in an order that changes,
 * so that whatever else the machine does, and what one leaves to the next, meets all of them.
 */
await runJob(async ({ place, callers: names, operation, times }: Args): Promise<readonly number[]> => {
  const callers = await Promise.all(names.map((name) => createCaller(name, place)));
  const run = operations[operation];
  const taken = callers.map((): number[] => []);
  const warmUp = Math.ceil(times / 5);
  for (let i = 0; i < times + warmUp; i++) {
    for (const index of shuffled(callers.length)) {
      const begun = performance.now();
      const answer = await run(callers[index] as Caller, i);
      if (i >= warmUp) taken[index]?.push(performance.now() - begun);
      if (i === 0) check(answer, operation, names[index] as CallerName);
    }
  }
  return taken.map(median);
});

function shuffled(count: number): readonly number[] {
  const order = Array.from({ length: count }, (_, index) => ({ index, at: Math.random() }));
  return order.toSorted((a, b) => a.at - b.at).map(({ index }) => index);
}

function keyAt(i: number): string {
  return keys[i % keys.length] as string;
}

/** Nobody is quick by giving nothing. */
function check(answer: unknown, operation: Operation, name: CallerName): void {
  const all = operation.endsWith("gets") ? (answer as readonly (Uint8Array | undefined)[]) : [answer];
  const right = (each: unknown): boolean => {
    if (operation === "put") return true;
    return operation === "txn" ? each === true : (each as Uint8Array | undefined)?.length === value.length;
  };
  if (!all.every(right)) throw new Error(`${name} does not give what was asked for: ${operation}`);
}
