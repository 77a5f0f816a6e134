import { test } from "node:test";
import { expect } from "chai";
import { nextVersion, releaseChangelog } from "../package/release/changelog.ts";

test("a release grows one part of the version and clears those behind it", () => {
  expect(nextVersion("1.2.3", "patch")).to.equal("1.2.4");
  expect(nextVersion("1.2.3", "minor")).to.equal("1.3.0");
  expect(nextVersion("1.2.3", "major")).to.equal("2.0.0");
  expect(() => nextVersion("1.2.3", "")).to.throw("patch, minor or major");
});

test("what was unreleased stands under the version, and the next changes have a place", () => {
  const changelog = "# Changelog\n\n## Unreleased\n\n- new\n\n## 0.1.0 (2026-01-01)\n\n- old\n";
  expect(releaseChangelog(changelog, "0.2.0", "2026-02-02")).to.equal(
    "# Changelog\n\n## Unreleased\n\n## 0.2.0 (2026-02-02)\n\n- new\n\n## 0.1.0 (2026-01-01)\n\n- old\n",
  );
});

test("nothing new is no release", () => {
  for (const changelog of ["# Changelog\n", "## Unreleased\n\n## 0.1.0\n\n- old\n"]) {
    expect(() => releaseChangelog(changelog, "0.2.0", "2026-02-02"), changelog).to.throw("nothing under");
  }
});
