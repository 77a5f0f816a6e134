import type { LoadedCallerName } from "../callers/callers.ts";
import { Comparison } from "../comparison.ts";
import { goClient } from "../contenders/contenders.ts";
import { runJobAlone } from "../job.ts";
import type { Listed } from "../jobs/list.ts";
import { inRounds, type Measurement } from "../measurement.ts";
import { putKeys } from "../put-keys.ts";

const sizes = [500, 5_000, 50_000];
/** How they are called, and shown. */
const callers = {
  "etcd-web": "etcd-web, scan()",
  "etcd-web, range()": "etcd-web, range()",
  "Connect stub": "Connect stub",
  "by hand": "by hand",
  "JSON gateway": "JSON gateway",
  etcd3: "etcd3",
  [goClient]: goClient,
} satisfies Partial<Record<LoadedCallerName | typeof goClient, string>>;
type Name = keyof typeof callers;

/** All keys of a prefix, and how that grows with them. */
export const list: Measurement = {
  name: "list",
  async measure(setting) {
    const { place, progress } = setting;
    await putKeys(place);
    const comparison = new Comparison<string>({
      title: "A list of keys with values of 1 KiB",
      columns: Object.fromEntries(
        sizes.flatMap((size) => {
          const what = size === 50_000 ? ["first, ms", "last, ms", "peak, MiB"] : ["first, ms", "last, ms"];
          return what.map((each) => [columnOf(size, each), "less"] as const);
        }),
      ),
      rows: Object.values(callers),
      note: "Until the first value is there, and the last; resident memory at the peak over what it was before. Values are dropped as they come. scan() reads on as a stream of etcd 3.7, the others all in one answer; etcd3 with its limit of 4 MiB lifted. scan() asks for its first 100 keys alone, to have them at once: that call more is what a short list ends later by. etcd3 and Go's client are ahead of range() where no proxy passes the bytes on for them.",
    });
    for (const keys of sizes) {
      progress(`writing ${keys} keys`);
      const prefix = `list/${keys}/`;
      await runJobAlone("write", { etcd: place.etcd, prefix, writes: keys / 100, puts: 100, keys, valueBytes: 1024 });
      await inRounds(setting, Object.keys(callers) as Name[], async (contender) => {
        const listed = await runJobAlone<Listed>("list", { place, contender, prefix });
        if (listed.keys !== keys) throw new Error(`${contender} lists ${listed.keys} of ${keys} keys`);
        comparison.add(callers[contender], {
          [columnOf(keys, "first, ms")]: listed.first,
          [columnOf(keys, "last, ms")]: listed.last,
          ...(keys === 50_000 && { [columnOf(keys, "peak, MiB")]: listed.peakBytes / 2 ** 20 }),
        });
      });
    }
    return comparison.table;
  },
};

function columnOf(keys: number, what: string): string {
  return `${keys.toLocaleString("en")} keys: ${what}`;
}
