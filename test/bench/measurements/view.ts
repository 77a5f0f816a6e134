import { runJobAlone } from "../job.ts";
import type { ViewCost } from "../jobs/view.ts";
import type { Measurement } from "../measurement.ts";
import { formatFigure, median } from "../samples.ts";

const sizes = [100, 1_000, 10_000, 100_000];
const valueBytes = 200;

/** What a view costs, and how that grows with its keys. */
export const view: Measurement = {
  name: "view",
  async measure({ rounds, progress }) {
    const rows: string[][] = [];
    for (const keys of sizes) {
      progress(`${keys} keys`);
      const costs: ViewCost[] = [];
      for (let round = 0; round < rounds; round++) costs.push(await runJobAlone("view", { keys, valueBytes }));
      const [update, memory] = [
        median(costs.map((cost) => cost.microsecondsAnUpdate)),
        median(costs.map((cost) => cost.timesData)),
      ];
      rows.push([keys.toLocaleString("en"), formatFigure(update), formatFigure(memory)]);
    }
    return {
      title: "A view",
      columns: ["keys", "µs for an update of one key", "heap ÷ data"],
      rows,
      note: `Values of ${valueBytes} bytes, shown as text. A copied map would cost time in proportion to the keys.`,
    };
  },
};
