import type { ContenderName } from "../contenders/contenders.ts";
import { runJobAlone } from "../job.ts";
import type { Followed } from "../jobs/follow.ts";
import type { Written } from "../jobs/write.ts";
import { inRounds, type Measurement } from "../measurement.ts";
import { formatFigure, Samples } from "../samples.ts";

const events = 20_000;
const contenders: readonly ContenderName[] = [
  "etcd-web",
  "etcd-web, batches()",
  "Connect stub",
  "Connect stub, in parts",
  "JSON gateway",
  "etcd3",
];
const histories = [
  { prefix: "catch-up/puts/", writes: events, puts: 1, times: 1 },
  { prefix: "catch-up/txns/", writes: events / 100, puts: 100, times: 3 },
];

/** Events of the past, as fast as they come. */
export const catchUp: Measurement = {
  name: "catch-up",
  async measure(setting) {
    const { place, progress } = setting;
    const figures: { rate: Samples; cpu: Samples }[] = [];
    for (const { prefix, writes, puts, times } of histories) {
      progress("writing history");
      const { firstRevision } = await runJobAlone<Written>("write", { etcd: place.etcd, prefix, writes, puts });
      const target = { key: prefix, prefix: true, startRevision: firstRevision };
      const figure = { rate: new Samples(), cpu: new Samples() };
      figures.push(figure);
      await inRounds(setting, contenders, async (contender) => {
        const args = { place, contender, target, events, times };
        const followed = await runJobAlone<Followed>("follow", args);
        figure.rate.add(contender, (followed.events / followed.ms) * 1000);
        figure.cpu.add(contender, followed.cpuUs / followed.events);
      });
    }
    return {
      title: "Catch-up: 20,000 events of 100 bytes from the past",
      columns: ["", ...["puts", "transactions × 100"].flatMap((of) => [`${of}: events/s`, "CPU, µs per event"])],
      rows: contenders.map((each) => [
        each,
        ...figures.flatMap(({ rate, cpu }) => [rate.cell(each, formatFigure), cpu.cell(each, formatFigure)]),
      ]),
      note: "etcd hands out 1,000 past revisions each 100 ms, which bounds the puts. Asked for a response above 2 MB in parts (`fragment`), it sizes all events of a part anew for each one it adds; this package asks only after a response above 4 MiB.",
    };
  },
};
