import type { ContenderName } from "../contenders/contenders.ts";
import { runJobAlone } from "../job.ts";
import { inRounds, type Measurement } from "../measurement.ts";
import { formatFigure, Samples } from "../samples.ts";

const many = 10_000;
/** A call for each watch is a connection for each watch. */
const aCallEach: readonly ContenderName[] = ["Connect stub, a call each", "JSON gateway"];
const contenders: readonly ContenderName[] = ["etcd-web", "Connect stub", "etcd3", ...aCallEach];

/** What a watch costs that waits for its first event. */
export const heap: Measurement = {
  name: "heap",
  async measure(setting) {
    const sizes = [1_000, many];
    const samples = sizes.map(() => new Samples());
    for (const [i, watches] of sizes.entries()) {
      const able = watches === many ? contenders.filter((each) => !aCallEach.includes(each)) : contenders;
      await inRounds(setting, able, async (contender) => {
        const bytes = await runJobAlone<number>("hold", { place: setting.place, contender, watches });
        samples[i]?.add(contender, bytes);
      });
    }
    return {
      title: "Heap for a watch",
      columns: ["", "bytes, of 1,000", "bytes, of 10,000"],
      rows: contenders.map((each) => [each, ...samples.map((of) => of.cell(each, formatFigure))]),
      note: "Node's heap and its array buffers after a collection. The stub holds nothing for a watch: no key, no position, no reader. A call each at 10,000 is not tried.",
    };
  },
};
