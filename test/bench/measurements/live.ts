import type { ContenderName } from "../contenders/contenders.ts";
import { runJobAlone, startJob } from "../job.ts";
import type { Followed } from "../jobs/follow.ts";
import { inRounds, type Measurement } from "../measurement.ts";
import { formatFigure, Samples } from "../samples.ts";

const events = 20_000;
const contenders: readonly ContenderName[] = [
  "etcd-web",
  "etcd-web, batches()",
  "Connect stub",
  "JSON gateway",
  "etcd3",
];

/** Events as they happen, one a revision. */
export const live: Measurement = {
  name: "live",
  async measure(setting) {
    const rate = new Samples();
    const cpu = new Samples();
    await inRounds(setting, contenders, async (contender, round) => {
      const prefix = `live/${round}/${contender}/`;
      const args = { place: setting.place, contender, target: { key: prefix, prefix: true }, events, times: 1 };
      const follow = startJob<Followed>("follow", args);
      await Promise.race([follow.ready, follow.result]);
      await runJobAlone("write", { etcd: setting.place.etcd, prefix, writes: events, puts: 1 });
      const followed = await follow.result;
      rate.add(contender, (followed.events / followed.ms) * 1000);
      cpu.add(contender, followed.cpuUs / followed.events);
    });
    return {
      title: "Live: 20,000 puts of 100 bytes, 64 in flight, one event a revision",
      columns: ["", "events/s", "CPU, µs per event"],
      rows: contenders.map((each) => [each, rate.cell(each, formatFigure), cpu.cell(each, formatFigure)]),
      note: "The first fifth warms up. The writer shares the machine and sets the pace: the CPU that the watching process spends is the figure to keep.",
    };
  },
};
