import { Comparison } from "../comparison.ts";
import { type ContenderName, goClient } from "../contenders/contenders.ts";
import { runJobAlone } from "../job.ts";
import type { Opened } from "../jobs/open.ts";
import { inRounds, type Measurement } from "../measurement.ts";

const watches = 1_000;
const contenders: readonly ContenderName[] = [
  "etcd-web",
  "Connect stub",
  "Connect stub, a call each",
  "by hand",
  "JSON gateway",
  "etcd3",
  goClient,
];
/** One after another there is only a call each for a stub: the same thing twice. */
const togetherOnly: readonly ContenderName[] = ["Connect stub, a call each", "by hand"];

/** How long until 1,000 watches are confirmed. */
export const opening: Measurement = {
  name: "opening",
  async measure(setting) {
    const comparison = new Comparison({
      title: "Opening 1,000 watches",
      columns: {
        "at once, ms": "less",
        "at once: creates sent": "less",
        "one after another, ms": "less",
        "one after another: creates sent": "less",
      },
      rows: contenders,
      note: "One after another each waits for the one before. The stub opens a call each then, which no page can (six connections); etcd-web keeps them on two. etcd3 and Go's client add to a stream that is open both ways, which the fetch of a page has not; the JSON gateway opens a call each, too.",
    });
    await inRounds(setting, contenders, async (contender) => {
      for (const together of [true, false]) {
        if (!together && togetherOnly.includes(contender)) continue;
        const args = { place: setting.place, contender, watches, together };
        const { ms, creates } = await runJobAlone<Opened>("open", args);
        const how = together ? "at once" : "one after another";
        comparison.add(contender, { [`${how}, ms`]: ms, [`${how}: creates sent`]: creates });
      }
    });
    return comparison.table;
  },
};
