import { after, before, suite, test } from "node:test";
import { expect } from "chai";
import { contract } from "../contract/contract.ts";
import { type PackedProject, packAndInstall } from "../fixtures/packed-project.ts";
import { type Bundles, bundleAll } from "./bundle.ts";
import { type Row, rows } from "./rows.ts";
import { Visit } from "./visit.ts";

/** Rows at once; each has servers of its own, and mostly waits. */
const concurrency = 2;

suite("the contract, from the packed package", { concurrency, timeout: 2_400_000 }, () => {
  let project: PackedProject;
  let bundles: Bundles;
  before(async () => {
    project = await packAndInstall();
    bundles = await bundleAll(project.folder);
  });
  after(() => project?.[Symbol.asyncDispose]());

  for (const row of rows) holdContract(row, () => bundles);
});

function holdContract(row: Row, bundles: () => Bundles): void {
  suite(`in ${row.runtime} over ${row.protocol}`, { concurrency: false }, () => {
    let visit: Visit;
    before(async () => {
      visit = await Visit.begin(row, bundles()[row.script]);
    });
    after(() => visit?.[Symbol.asyncDispose]());

    for (const { name } of contract) test(name, { timeout: 150_000 }, () => visit.run(name));

    test("nothing was logged, no rejection went unhandled", () => {
      expect(visit.complaints).to.deep.equal([]);
    });

    test(`it was ${row.runtime}, and spoke ${row.protocol}`, async () => {
      expect(visit.agent).to.match(row.agent);
      expect(await visit.spoken()).to.deep.equal([row.protocol === "HTTP/1.1" ? "http1" : "http2"]);
    });
  });
}
