import type { Caller } from "../callers/caller.ts";
import type { Operation } from "../callers/operation.ts";

/** Makes the operation for the `i`th time and gives the milliseconds that it took. */
export type Clocked = (i: number) => Promise<number>;

/** What a call writes, and what the keys hold before. */
export const value: Uint8Array = new Uint8Array(100).fill(120);

/** The keys that there are. */
export const keys: readonly string[] = Array.from({ length: 200 }, (_, i) => `calls/${i}`);

const operations: Record<Operation, (caller: Caller, i: number) => Promise<unknown>> = {
  get: (caller, i) => caller.get(keyAt(i)),
  put: (caller, i) => caller.put(keyAt(i), value),
  txn: (caller, i) => caller.replace(keyAt(i), value),
  "50 gets": (caller) => caller.getAll(keys.slice(0, 50)),
  "200 gets": (caller) => caller.getAll(keys),
};

/** A caller under the clock. */
export function clocked(name: string, caller: Caller, operation: Operation): Clocked {
  const run = operations[operation];
  return async (i) => {
    const begun = performance.now();
    const answer = await run(caller, i);
    const ms = performance.now() - begun;
    if (i === 0) check(answer, operation, name);
    return ms;
  };
}

function keyAt(i: number): string {
  return keys[i % keys.length] as string;
}

/** Nobody is quick by giving nothing. */
function check(answer: unknown, operation: Operation, name: string): void {
  const all = operation.endsWith("gets") ? (answer as readonly (Uint8Array | undefined)[]) : [answer];
  const right = (each: unknown): boolean => {
    if (operation === "put") return true;
    return operation === "txn" ? each === true : (each as Uint8Array | undefined)?.length === value.length;
  };
  if (!all.every(right)) throw new Error(`${name} does not give what was asked for: ${operation}`);
}
