import type { ContenderName } from "../contenders/contenders.ts";
import { runJobAlone } from "../job.ts";
import { inRounds, type Measurement } from "../measurement.ts";
import { formatFigure, median, Samples } from "../samples.ts";

const contenders: readonly ContenderName[] = ["etcd-web", "Connect stub", "JSON gateway", "etcd3"];

/** From a put to its event. */
export const latency: Measurement = {
  name: "latency",
  async measure(setting) {
    const samples = new Samples();
    await inRounds(setting, contenders, async (contender) => {
      const args = { place: setting.place, contender, puts: 500 };
      samples.add(contender, median(await runJobAlone<number[]>("latency", args)));
    });
    return {
      title: "From a put to its event",
      columns: ["", "p50, ms"],
      rows: contenders.map((each) => [each, samples.cell(each, formatFigure)]),
      note: "The put is the same for all, through Envoy, and takes about as long as its event.",
    };
  },
};
