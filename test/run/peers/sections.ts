import assert from "node:assert/strict";
import type { Etcd } from "../../../src/index.ts";

/** Where a critical section leaves its traces; no lock's name begins so. */
export interface Traces {
  readonly prefix: string;
  /** Before the first of them. */
  readonly since: bigint;
}

/** What must not happen twice at once, as `go-peer` does it: it adds one to a number without any guard. */
export async function section(etcd: Etcd, { prefix }: Traces, who: string, fence: bigint): Promise<void> {
  await etcd.put(`${prefix}log`, `enter ${who} ${fence}`);
  const count = Number((await etcd.get(`${prefix}count`))?.text() ?? 0);
  await etcd.put(`${prefix}count`, String(count + 1));
  await etcd.put(`${prefix}log`, `leave ${who} ${fence}`);
}

/** Marks where the traces begin. */
export async function startTraces(etcd: Etcd, prefix: string): Promise<Traces> {
  return { prefix, since: (await etcd.range({ prefix })).revision + 1n };
}

/** What etcd's own history says: the sections by holder, after it was checked that no two were open at once. */
export async function checkTraces(etcd: Etcd, traces: Traces, rounds: number): Promise<Map<string, number>> {
  const lines: string[] = [];
  for await (const event of etcd.watch(`${traces.prefix}log`, { startRevision: traces.since })) {
    if (event.type === "put") lines.push(event.kv.text());
    if (lines.length === 2 * rounds) break;
  }
  const byHolder = new Map<string, number>();
  for (let i = 0; i < lines.length; i += 2) {
    const [enter = "", leave] = [lines[i], lines[i + 1]];
    assert.equal(leave, enter.replace(/^enter/, "leave"), `two holders at once, near ${lines.slice(i - 4, i + 4)}`);
    const who = enter.split(" ")[1] ?? "";
    byHolder.set(who, (byHolder.get(who) ?? 0) + 1);
  }
  const fences = lines.map((line) => BigInt(line.split(" ")[2] ?? 0));
  for (const [i, fence] of fences.entries()) assert.ok(i === 0 || fence >= (fences[i - 1] ?? 0n), "fences rise");
  assert.equal(Number((await etcd.get(`${traces.prefix}count`))?.text()), rounds);
  return byHolder;
}
