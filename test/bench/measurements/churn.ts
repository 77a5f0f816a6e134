import { Comparison } from "../comparison.ts";
import { type ContenderName, goClient } from "../contenders/contenders.ts";
import { runJobAlone } from "../job.ts";
import type { Opened } from "../jobs/open.ts";
import { inRounds, type Measurement } from "../measurement.ts";

const changes = 1_000;
/** One goes before the next one comes; ten are there at a time. */
const windows = { one: 1, ten: 10 };
const contenders: readonly ContenderName[] = ["etcd-web", "Connect stub", "JSON gateway", "etcd3", goClient];

/** Watches that come and go beside others that stay. */
export const churn: Measurement = {
  name: "churn",
  async measure(setting) {
    const comparison = new Comparison({
      title: "Churn: 1,000 watches come and go beside 100 that stay",
      columns: {
        "one at a time: ms each": "less",
        "one at a time: creates sent each": "less",
        "ten at a time: ms each": "less",
        "ten at a time: creates sent each": "less",
      },
      rows: contenders,
      note: "A page cannot add to a stream that is open: etcd-web opens another for each, through Envoy. etcd3 and Go's client add to one that is open both ways, the JSON gateway opens a call each; all three reach etcd itself.",
    });
    await inRounds(setting, contenders, async (contender) => {
      for (const [at, window] of Object.entries(windows)) {
        const args = { place: setting.place, contender, stay: 100, changes, window };
        const { ms, creates } = await runJobAlone<Opened>("churn", args);
        comparison.add(contender, {
          [`${at} at a time: ms each`]: ms / changes,
          [`${at} at a time: creates sent each`]: creates / changes,
        });
      }
    });
    return comparison.table;
  },
};
