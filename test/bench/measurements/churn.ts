import type { ContenderName } from "../contenders/contenders.ts";
import { runJobAlone } from "../job.ts";
import type { Opened } from "../jobs/open.ts";
import { inRounds, type Measurement } from "../measurement.ts";
import { formatFigure, Samples } from "../samples.ts";

const changes = 1_000;
const contenders: readonly ContenderName[] = ["etcd-web", "Connect stub", "JSON gateway", "etcd3"];

/** Watches that come and go beside others that stay. */
export const churn: Measurement = {
  name: "churn",
  async measure(setting) {
    const ms = new Samples();
    const creates = new Samples();
    await inRounds(setting, contenders, async (contender) => {
      const args = { place: setting.place, contender, stay: 100, changes };
      const churned = await runJobAlone<Opened>("churn", args);
      ms.add(contender, churned.ms / changes);
      creates.add(contender, churned.creates / changes);
    });
    return {
      title: "Churn: 1,000 watches come and go beside 100 that stay",
      columns: ["", "ms each", "creates sent each"],
      rows: contenders.map((each) => [each, ms.cell(each, formatFigure), creates.cell(each, formatFigure)]),
    };
  },
};
