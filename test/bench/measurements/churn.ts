import type { ContenderName } from "../contenders/contenders.ts";
import { runJobAlone } from "../job.ts";
import type { Opened } from "../jobs/open.ts";
import { inRounds, type Measurement } from "../measurement.ts";
import { formatFigure, Samples } from "../samples.ts";

const changes = 1_000;
/** One goes before the next one comes; ten are there at a time. */
const windows = [1, 10];
const contenders: readonly ContenderName[] = ["etcd-web", "Connect stub", "JSON gateway", "etcd3"];

/** Watches that come and go beside others that stay. */
export const churn: Measurement = {
  name: "churn",
  async measure(setting) {
    const ms = windows.map(() => new Samples());
    const creates = windows.map(() => new Samples());
    await inRounds(setting, contenders, async (contender) => {
      for (const [i, window] of windows.entries()) {
        const args = { place: setting.place, contender, stay: 100, changes, window };
        const churned = await runJobAlone<Opened>("churn", args);
        ms[i]?.add(contender, churned.ms / changes);
        creates[i]?.add(contender, churned.creates / changes);
      }
    });
    return {
      title: "Churn: 1,000 watches come and go beside 100 that stay",
      columns: ["", ...["one", "ten"].flatMap((at) => [`${at} at a time: ms each`, "creates sent each"])],
      rows: contenders.map((each) => [
        each,
        ...windows.flatMap((_, i) => [
          ms[i]?.cell(each, formatFigure) ?? "",
          creates[i]?.cell(each, formatFigure) ?? "",
        ]),
      ]),
    };
  },
};
