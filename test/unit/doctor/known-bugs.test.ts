import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeVersion } from "../../../src/doctor/checks/etcd.ts";

const upgrades: readonly (readonly [version: string, to: string | undefined])[] = [
  ["3.4.45", "3.7.1"], // one was never mended there
  ["3.5.0", "3.5.33"],
  ["3.5.32", "3.5.33"],
  ["3.5.33", undefined],
  ["3.6.8", "3.6.14"],
  ["3.6.14", undefined],
  ["3.7.0", "3.7.1"],
  ["3.7.1", undefined],
  ["3.7.1-rc.0+git", undefined],
  ["3.8.0-alpha.0", undefined], // nothing is known of it
];

for (const [version, to] of upgrades) {
  test(`etcd ${version}: ${to === undefined ? "no bug is known" : `upgrade to ${to}`}`, () => {
    const { code, means = "" } = judgeVersion(version);
    assert.equal(code, to === undefined ? "ok" : "known-bugs");
    if (to !== undefined) assert.ok(means.includes(`Upgrade to ${to} `), means);
  });
}

test("etcd 3.3 is too old", () => {
  assert.equal(judgeVersion("3.3.27").code, "too-old");
});
