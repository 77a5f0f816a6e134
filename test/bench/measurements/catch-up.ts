import { Comparison } from "../comparison.ts";
import { type ContenderName, goClient } from "../contenders/contenders.ts";
import { runJobAlone } from "../job.ts";
import type { Written } from "../jobs/write.ts";
import { inRounds, type Measurement } from "../measurement.ts";
import type { Followed } from "../work/follow.ts";

const events = 20_000;
const contenders: readonly ContenderName[] = [
  "etcd-web",
  "etcd-web, batches()",
  "Connect stub",
  "Connect stub, in parts",
  "by hand",
  "JSON gateway",
  "etcd3",
  goClient,
];
const histories = [
  // Read so often that it is the reading that counts, and not the first moments of a program.
  { of: "puts", prefix: "catch-up/puts/", writes: events, puts: 1, times: 10 },
  { of: "transactions × 100", prefix: "catch-up/txns/", writes: events / 100, puts: 100, times: 20 },
] as const;

/** Events of the past, as fast as they come. */
export const catchUp: Measurement = {
  name: "catch-up",
  async measure(setting) {
    const { place, progress } = setting;
    const comparison = new Comparison({
      title: "Catch-up: 20,000 events of 100 bytes from the past",
      columns: {
        "puts: events/s": "more",
        "puts: CPU, µs per event": "less",
        "transactions × 100: events/s": "more",
        "transactions × 100: CPU, µs per event": "less",
      },
      rows: contenders,
      note: "etcd hands out 1,000 past revisions each 100 ms, which bounds the puts. Asked for a response above 2 MB in parts (`fragment`), it sizes all events of a part anew for each one it adds; this package asks only after a response above 4 MiB.",
    });
    for (const { of, prefix, writes, puts, times } of histories) {
      progress("writing history");
      const { firstRevision } = await runJobAlone<Written>("write", { etcd: place.etcd, prefix, writes, puts });
      const target = { key: prefix, prefix: true, startRevision: firstRevision };
      await inRounds(setting, contenders, async (contender) => {
        const slow = contender === "Connect stub, in parts";
        const args = { place, contender, target, events, times: slow ? Math.min(times, 2) : times };
        const followed = await runJobAlone<Followed>("follow", args);
        comparison.add(contender, {
          [`${of}: events/s`]: (followed.events / followed.ms) * 1000,
          [`${of}: CPU, µs per event`]: followed.cpuUs / followed.events,
        });
      });
    }
    return comparison.table;
  },
};
