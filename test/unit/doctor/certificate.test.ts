import assert from "node:assert/strict";
import { test } from "node:test";
import { judgeCertificate } from "../../../src/cli/doctor/tls.ts";

const [hour, day] = [3_600_000, 86_400_000];
const until = new Date("2026-12-24T18:00:00Z");

for (const [what, lifetime, left, code, words] of [
  ["of a year", 365 * day, 15 * day, "ok", "15 more days"],
  ["of a year, nearly over", 365 * day, 13 * day, "certificate-expires", "13 more days"],
  // Those that are renewed every few days or hours are never good for longer.
  ["of six days", 6 * day, 2 * day, "ok", "2 more days"],
  ["of six days, nearly over", 6 * day, 1.25 * day, "certificate-expires", "30 more hours"],
  ["of twelve hours", 12 * hour, 4 * hour, "ok", "4 more hours"],
  ["of twelve hours, nearly over", 12 * hour, 1.5 * hour, "certificate-expires", "1 more hour"],
] as const) {
  test(`a certificate ${what}: ${code}`, () => {
    const from = new Date(until.getTime() - lifetime);
    const outcome = judgeCertificate(from, until, new Date(until.getTime() - left));
    assert.equal(outcome.code, code);
    assert.equal(outcome.seen, `The certificate is good until 2026-12-24, for ${words}`);
  });
}
