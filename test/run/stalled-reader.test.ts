import { suite, test } from "node:test";
import { expectStalledReader } from "./stalled/expect.ts";

/** What `npm run test:long` does with 100 MB. */
const size = { bytes: 24 * 1024 * 1024, putsPerRevision: 4 };

for (const protocol of ["HTTP/1.1", "HTTP/2"] as const) {
  suite(`a reader who does not read a backlog of 24 MiB, over ${protocol}`, () => {
    test("costs little, delays nobody, and then reads everything", async () => {
      await expectStalledReader("3.7", protocol, size);
    });
  });
}
