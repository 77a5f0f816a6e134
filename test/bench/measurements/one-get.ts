import type { LoadedCallerName } from "../callers/callers.ts";
import { Comparison } from "../comparison.ts";
import { runJobAlone } from "../job.ts";
import type { OneGetArgs } from "../jobs/one-get.ts";
import type { Measurement } from "../measurement.ts";
import { putKeys } from "../put-keys.ts";
import type { Pace } from "../work/take-turns.ts";

const callers = ["etcd-web", "Connect stub", "by hand"] as const satisfies readonly LoadedCallerName[];

/** The cost of a call that is not the way there, as exactly as it can be had. */
export const oneGet: Measurement = {
  name: "one-get",
  async measure({ place, rounds, progress }) {
    await putKeys(place);
    const comparison = new Comparison({
      title: "One get after another: 5,000 of 100 bytes each, in blocks of 100 that alternate",
      columns: { "gets/s": "more", "CPU, µs per get": "less" },
      rows: callers,
    });
    for (let round = 0; round < rounds; round++) {
      progress(`round ${round + 1} of ${rounds}`);
      const args: OneGetArgs = { place, callers, times: 5_000 };
      const paces = await runJobAlone<readonly Pace[]>("one-get", args);
      for (const [i, name] of callers.entries()) {
        comparison.add(name, { "gets/s": paces[i]?.callsPerSecond, "CPU, µs per get": paces[i]?.cpuUs });
      }
    }
    return comparison.table;
  },
};
