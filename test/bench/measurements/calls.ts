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
      note: "They take turns at every call. A txn puts a key if it exists. The JSON gateway, etcd3 and Go's client reach etcd itself, which is why they may be ahead; two of them are measured behind the same Envoy too. Many at once: native gRPC has one connection of HTTP/2 for all, Node's fetch opens one for each call, a page has six; batching() makes them one call.",
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
