import { type CallerName, callerNames } from "../callers/callers.ts";
import { createConnectStub } from "../callers/connect-stub.ts";
import type { Operation } from "../callers/operation.ts";
import { runJobAlone } from "../job.ts";
import type { Measurement } from "../measurement.ts";
import { formatFigure, Samples } from "../samples.ts";

const operations: Record<Operation, number> = { get: 1_000, put: 500, txn: 500, "50 gets": 40, "200 gets": 20 };

/** Reads and writes, one at a time and many at once. */
export const calls: Measurement = {
  name: "calls",
  async measure({ place, rounds, progress }) {
    const stub = createConnectStub(place);
    for (let i = 0; i < 200; i++) await stub.put(`calls/${i}`, new Uint8Array(100));
    const columns = Object.entries(operations) as [Operation, number][];
    const samples = new Map(columns.map(([operation]) => [operation, new Samples()]));
    for (let round = 0; round < rounds; round++) {
      for (const [operation, times] of columns) {
        progress(`round ${round + 1} of ${rounds}: ${operation}`);
        const args = { place, callers: callerNames, operation, times };
        const figures = await runJobAlone<readonly number[]>("call", args);
        for (const [i, name] of callerNames.entries()) samples.get(operation)?.add(name, figures[i] as number);
      }
    }
    const row = (name: CallerName): string[] => [
      name,
      ...columns.map(([operation]) => samples.get(operation)?.cell(name, formatFigure) ?? ""),
    ];
    return {
      title: "Calls: median milliseconds, values of 100 bytes",
      columns: ["", "get", "put", "txn", "50 gets at once", "200 gets at once"],
      rows: callerNames.map(row),
      note: "They take turns at every call. A txn puts a key if it exists. Node opens as many connections as there are calls; a page has six.",
    };
  },
};
