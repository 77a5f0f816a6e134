import { type CallerName, loadedCallers } from "../callers/callers.ts";
import type { Operation } from "../callers/operation.ts";
import { Comparison } from "../comparison.ts";
import { goClient } from "../contenders/contenders.ts";
import { runJobAlone } from "../job.ts";
import type { CallArgs } from "../jobs/call.ts";
import type { Measurement } from "../measurement.ts";
import { putKeys } from "../put-keys.ts";

const operations: Record<Operation, number> = { get: 1_000, put: 500, txn: 500, "50 gets": 40, "200 gets": 20 };
const callers: readonly CallerName[] = [...loadedCallers, goClient];

/** Reads and writes, one at a time and many at once. */
export const calls: Measurement = {
  name: "calls",
  async measure({ place, rounds, progress }) {
    await putKeys(place);
    const comparison = new Comparison<string>({
      title: "Calls: median milliseconds, values of 100 bytes",
      columns: { get: "less", put: "less", txn: "less", "50 gets at once": "less", "200 gets at once": "less" },
      rows: callers,
      note: "They take turns at every call. A txn puts a key if it exists. Node opens as many connections as there are calls; a page has six. etcd3, Go's client and the JSON gateway reach etcd without a proxy.",
    });
    for (let round = 0; round < rounds; round++) {
      for (const [operation, times] of Object.entries(operations) as [Operation, number][]) {
        progress(`round ${round + 1} of ${rounds}: ${operation}`);
        const args: CallArgs = { place, callers: loadedCallers, operation, times };
        const figures = await runJobAlone<readonly number[]>("call", args);
        const column = operation.endsWith("gets") ? `${operation} at once` : operation;
        for (const [i, name] of callers.entries()) comparison.add(name, { [column]: figures[i] });
      }
    }
    return comparison.table;
  },
};
