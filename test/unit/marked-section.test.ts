import { test } from "node:test";
import { expect } from "chai";
import { type MarkedSection, placeSection } from "../fixtures/marked-section.ts";

const section: MarkedSection = { file: "A.md", name: "figures", command: "npm run it" };
const [begin, end] = ["<!-- figures: written by `npm run it` -->", "<!-- end of figures -->"];

test("a marked section is replaced, and nothing around it", () => {
  const before = `# A\n\n${begin}\n\nold\n\n${end}\n\n## B\n`;
  expect(placeSection(before, section, "new $& ones")).to.equal(`# A\n\n${begin}\n\nnew $& ones\n\n${end}\n\n## B\n`);
});

test("a document without the section, or with its ends the wrong way round, is refused by name", () => {
  for (const text of ["# A\n", begin, `${end}\n${begin}`]) {
    expect(() => placeSection(text, section, "new"), text).to.throw("A.md lacks");
  }
});
