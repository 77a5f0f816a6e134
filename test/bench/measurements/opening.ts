import type { ContenderName } from "../contenders/contenders.ts";
import { runJobAlone } from "../job.ts";
import type { Opened } from "../jobs/open.ts";
import { inRounds, type Measurement } from "../measurement.ts";
import { formatFigure, Samples } from "../samples.ts";

const watches = 1_000;
const contenders: readonly ContenderName[] = [
  "etcd-web",
  "Connect stub",
  "Connect stub, a call each",
  "JSON gateway",
  "etcd3",
];

/** How long until 1,000 watches are confirmed. */
export const opening: Measurement = {
  name: "opening",
  async measure(setting) {
    const ms = { true: new Samples(), false: new Samples() };
    const creates = { true: new Samples(), false: new Samples() };
    await inRounds(setting, contenders, async (contender) => {
      for (const together of [true, false]) {
        // One after another there is only a call each for the stub: the same thing twice.
        if (!together && contender === "Connect stub, a call each") continue;
        const args = { place: setting.place, contender, watches, together };
        const opened = await runJobAlone<Opened>("open", args);
        ms[`${together}`].add(contender, opened.ms);
        creates[`${together}`].add(contender, opened.creates);
      }
    });
    return {
      title: "Opening 1,000 watches",
      columns: ["", "at once, ms", "creates sent", "one after another, ms", "creates sent"],
      rows: contenders.map((each) => [
        each,
        ...([true, false] as const).flatMap((together) => [
          ms[`${together}`].cell(each, formatFigure),
          creates[`${together}`].cell(each, formatFigure),
        ]),
      ]),
      note: "One after another each waits for the one before. The stub opens a call each then, which no page can (six connections); etcd-web keeps them on two.",
    };
  },
};
