import { Comparison } from "../comparison.ts";
import { runJobAlone } from "../job.ts";
import type { ViewCost } from "../jobs/view.ts";
import { inRounds, type Measurement } from "../measurement.ts";

const sizes = { "1,000 keys": 1_000, "10,000 keys": 10_000, "100,000 keys": 100_000 };
type Size = keyof typeof sizes;
const valueBytes = 200;

/** What a view costs, and how that grows with its keys. */
export const view: Measurement = {
  name: "view",
  async measure(setting) {
    const names = Object.keys(sizes) as Size[];
    const comparison = new Comparison({
      title: "A view",
      columns: { "µs for an update of one key": "less", "heap ÷ data": "less" },
      rows: names,
      base: "1,000 keys",
      ours: () => true,
      note: `Values of ${valueBytes} bytes, shown as text. A copied map would cost time in proportion to the keys. Ratios say how it grows.`,
    });
    await inRounds(setting, names, async (name) => {
      const { timesData, microsecondsAnUpdate } = await runJobAlone<ViewCost>("view", {
        keys: sizes[name],
        valueBytes,
      });
      comparison.add(name, { "µs for an update of one key": microsecondsAnUpdate, "heap ÷ data": timesData });
    });
    return comparison.table;
  },
};
