import { Comparison } from "../comparison.ts";
import { type ContenderName, goClient } from "../contenders/contenders.ts";
import { runJobAlone, startJob } from "../job.ts";
import { inRounds, type Measurement } from "../measurement.ts";
import type { Followed } from "../work/follow.ts";

const events = 12_000;
const contenders: readonly ContenderName[] = [
  "etcd-web",
  "etcd-web, batches()",
  "Connect stub",
  "by hand",
  "JSON gateway",
  "etcd3",
  goClient,
];

/** Events as they happen, one a revision. */
export const live: Measurement = {
  name: "live",
  async measure(setting) {
    const comparison = new Comparison({
      title: "Live: 12,000 puts of 100 bytes, 64 in flight, one event a revision",
      columns: { "events/s": "more", "CPU, µs per event": "less" },
      rows: contenders,
      note: "The first fifth warms up. The writer shares the machine and sets the pace: the CPU that the watching process spends is the figure to keep.",
    });
    await inRounds(setting, contenders, async (contender, round) => {
      const prefix = `live/${round}/${contender}/`;
      const args = { place: setting.place, contender, target: { key: prefix, prefix: true }, events, times: 1 };
      const follow = startJob<Followed>("follow", args);
      await Promise.race([follow.ready, follow.result]);
      await runJobAlone("write", { etcd: setting.place.etcd, prefix, writes: events, puts: 1 });
      const followed = await follow.result;
      comparison.add(contender, {
        "events/s": (followed.events / followed.ms) * 1000,
        "CPU, µs per event": followed.cpuUs / followed.events,
      });
    });
    return comparison.table;
  },
};
