import { Comparison } from "../comparison.ts";
import { runJobAlone } from "../job.ts";
import type { MemoryCost } from "../jobs/memory.ts";
import { inRounds, type Measurement } from "../measurement.ts";

const sizes = { "1,000 keys": 1_000, "10,000 keys": 10_000, "100,000 keys": 100_000 };
type Size = keyof typeof sizes;

/** What the etcd in memory takes, and how that grows with its keys. */
export const memory: Measurement = {
  name: "memory",
  async measure(setting) {
    const names = Object.keys(sizes) as Size[];
    const comparison = new Comparison({
      title: "The etcd in memory: µs for an operation, values of 100 bytes",
      columns: { get: "less", put: "less", "range of 100 keys": "less", "put to event": "less" },
      rows: names,
      base: "1,000 keys",
      ours: () => true,
      note: "Through the client, in one process. Ratios say how it grows.",
    });
    await inRounds(setting, names, async (name) => {
      const cost = await runJobAlone<MemoryCost>("memory", { keys: sizes[name] });
      const { get, put, range, event } = cost;
      comparison.add(name, { get, put, "range of 100 keys": range, "put to event": event });
    });
    return comparison.table;
  },
};
