import type { Diagnosis } from "etcd-web/doctor";

/** A diagnosis as text, to send to somebody. */
export function reportOf({ url, level, findings, skipped }: Diagnosis): string {
  const lines = findings.flatMap((finding) => [
    `${finding.level.padEnd(7)} ${finding.check} (${finding.code}): ${finding.seen}`,
    ...(finding.means === undefined ? [] : [`        ${finding.means}`]),
    ...finding.fixes.flatMap(({ of, where, lines: fix }) => [
      `        ${of}, ${where}:`,
      ...fix.map((line) => `          ${line}`),
    ]),
  ]);
  const left = skipped.length === 0 ? [] : [`skipped ${skipped.join(", ")}`];
  return [`${url}: ${level}`, ...lines, ...left, ""].join("\n");
}
