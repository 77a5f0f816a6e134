import assert from "node:assert/strict";
import { type DiagnoseOptions, type Diagnosis, diagnose } from "../../src/doctor/index.ts";
import type { EtcdServer } from "../fixtures/etcd.ts";
import type { SickProxy } from "./sick-proxies.ts";

/** Where the pages of these tests come from. */
export const origin = "http://localhost:3000";

/** The doctor names what is wrong with a proxy, nothing else, and the line that mends it. */
export async function expectFinding(sick: SickProxy, etcd: EtcdServer, options: DiagnoseOptions): Promise<void> {
  await using proxy = await sick.start(etcd);
  const diagnosis = await diagnose(proxy.url, { origin, ...options });
  const { level = "fault", code, fix } = sick;
  const found = diagnosis.findings.filter((finding) => finding.level === level);
  assert.deepEqual(
    found.map((finding) => finding.code),
    [code],
    inWords(diagnosis),
  );
  assert.equal(diagnosis.level, level, inWords(diagnosis));
  const [of, line] = fix;
  const lines = found.flatMap(({ fixes }) => fixes.filter((each) => each.of === of).flatMap((each) => each.lines));
  assert.ok(
    lines.some((each) => line.test(each)),
    `${of}: ${lines.join("\n")}`,
  );
}

/** All that was found, for the message of a failing test. */
export function inWords({ findings }: Diagnosis): string {
  return findings.map(({ level, check, code, seen }) => `${level} ${check} ${code}: ${seen}`).join("\n");
}
