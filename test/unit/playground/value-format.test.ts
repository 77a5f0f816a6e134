import { describe, it } from "node:test";
import { expect } from "chai";
import { layOut, readValue } from "../../../playground/src/values/value-format.ts";

describe("YAML that is laid out", () => {
  for (const number of ["12345678901234567890", "007", "0.1234567890123456789", "1.10", "0x1F", "1e3", "+5", ".5"]) {
    it(`keeps the number ${number} as it was written`, () => {
      expect(layOut(`a:    ${number}\n`, "yaml")).to.equal(`a: ${number}\n`);
    });
  }

  it("keeps long lines, quotes, tags, comments and what stands for nothing", () => {
    const long = `${"word ".repeat(40)}end`;
    const text = `# first\na:   ${long}\nb:  '1' # one\nc:   !!int '3'\nd:   ~\ne:\nf:   TRUE\n`;
    expect(layOut(text, "yaml")).to.equal(`# first\na: ${long}\nb: '1' # one\nc: !!int '3'\nd: ~\ne:\nf: TRUE\n`);
  });

  it("may be several documents, or none", () => {
    expect(layOut("a:   1\n---\nb:   2\n", "yaml")).to.equal("a: 1\n---\nb: 2\n");
    expect(layOut("---\na:   1\n...\n---\nb:   2\n", "yaml")).to.equal("---\na: 1\n...\n---\nb: 2\n");
    for (const text of ["", "# nothing yet\n", "a: 1\n---\n", "---\n---\na: 1\n"])
      expect(layOut(text, "yaml")).to.equal(text);
  });
});

describe("YAML that is saved", () => {
  it("may be several documents", () => {
    expect(readValue("a: 1\n---\nb: 2\n", "yaml").fault).to.equal(undefined);
  });

  it("is refused where one of them is wrong", () => {
    expect(readValue("a: 1\n---\nb: [2\n", "yaml").fault).to.contain("Flow sequence");
    expect(readValue("a: 1\na: 2\n", "yaml").fault).to.contain("unique");
  });
});
