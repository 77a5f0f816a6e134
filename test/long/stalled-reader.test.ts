import { suite, test } from "node:test";
import { expectStalledReader } from "../run/stalled/expect.ts";

const size = { bytes: 100_000_000, putsPerRevision: 4 };

for (const version of ["3.5", "3.7"] as const) {
  for (const protocol of ["HTTP/1.1", "HTTP/2"] as const) {
    suite(`etcd ${version}, a reader who does not read a backlog of 100 MB, over ${protocol}`, () => {
      test("costs little, delays nobody, and then reads everything", () =>
        expectStalledReader(version, protocol, size).then(console.log));
    });
  }
}
