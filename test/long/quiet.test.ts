import { suite, test } from "node:test";
import { measureQuiet, type Neighbourhood } from "../run/quiet/quiet.ts";

// Cuts come further apart than bookmarks: a stream that is cut before its first one moves no position.
const large = {
  ...{ revisions: 100_000, lastsMs: 150_000 },
  ...{ compactEveryMs: 20_000, cuts: 10 },
} satisfies Partial<Neighbourhood>;

for (const version of ["3.5", "3.7"] as const) {
  suite(`etcd ${version}, quiet watches beside neighbours who write 100,000 revisions`, () => {
    test("a key that is there, on a server with default settings, by compactions that leave nothing", async () => {
      const around = { notifyInterval: "10m", leaves: "nothing", watched: ["present"] } as const;
      console.log(await measureQuiet({ ...large, ...around, version }));
    });

    test("a key that is there, one that is not, and a prefix, on a server that tells its revision", async () => {
      const around = { notifyInterval: "10s", leaves: "a period", watched: ["present", "absent", "prefix"] } as const;
      console.log(await measureQuiet({ ...large, ...around, version }));
    });
  });
}
