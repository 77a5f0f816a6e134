import { Comparison } from "../comparison.ts";
import { type ContenderName, goClient } from "../contenders/contenders.ts";
import { runJobAlone } from "../job.ts";
import type { Held } from "../jobs/hold.ts";
import { inRounds, type Measurement } from "../measurement.ts";

const sizes = [1, 1_000, 10_000];
/** A call for each watch is a connection for each watch. */
const aCallEach: readonly ContenderName[] = ["Connect stub, a call each", "JSON gateway"];
const contenders: readonly ContenderName[] = ["etcd-web", "Connect stub", "by hand", "etcd3", goClient, ...aCallEach];

/** What watches cost that wait for their first event. */
export const watches: Measurement = {
  name: "watches",
  async measure(setting) {
    const { place } = setting;
    const comparison = new Comparison<string>({
      title: "Watches that wait: memory and connections",
      columns: Object.fromEntries([
        ...sizes.slice(1).map((size) => [bytesOf(size), "less"] as const),
        ...sizes.map((size) => [connectionsOf(size), "less"] as const),
      ]),
      rows: contenders,
      note: "Node's heap and its array buffers after a collection; Go's with its stacks. The stub holds nothing for a watch: no key, no position, no reader. A call each at 10,000 is not tried.",
    });
    for (const size of sizes) {
      const able = size === 10_000 ? contenders.filter((each) => !aCallEach.includes(each)) : contenders;
      const { rounds, progress } = setting;
      await inRounds({ rounds: size === 1 ? 1 : rounds, progress }, able, async (contender) => {
        const held = await runJobAlone<Held>("hold", { place, contender, watches: size });
        comparison.add(contender, {
          [connectionsOf(size)]: held.connections,
          ...(size > 1 && { [bytesOf(size)]: held.bytes }),
        });
      });
    }
    return comparison.table;
  },
};

function bytesOf(size: number): string {
  return `bytes, of ${size.toLocaleString("en")}`;
}

function connectionsOf(size: number): string {
  return `connections of ${size.toLocaleString("en")}`;
}
