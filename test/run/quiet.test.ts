import { suite, test } from "node:test";
import { expectQuiet, type Neighbourhood } from "./quiet/quiet.ts";

/** What `npm run test:long` does with 100,000 revisions and a compaction every 20 s. */
const small = { revisions: 5_000, lastsMs: 8_000, compactEveryMs: 2_000, cuts: 10 } satisfies Partial<Neighbourhood>;

for (const version of ["3.5", "3.7"] as const) {
  suite(`etcd ${version}, quiet watches beside busy neighbours, with compactions and cuts`, () => {
    test("a key that is there, on a server with default settings, by compactions that leave nothing", async () => {
      const around = { notifyInterval: "10m", leaves: "nothing", watched: ["present"] } as const;
      await expectQuiet({ ...small, ...around, version });
    });

    test("a key that is there, one that is not, and a prefix, on a server that tells its revision", async () => {
      const around = { notifyInterval: "500ms", leaves: "a period", watched: ["present", "absent", "prefix"] } as const;
      await expectQuiet({ ...small, ...around, version });
    });
  });
}
