import { setTimeout as sleep } from "node:timers/promises";
import { createClient } from "@connectrpc/connect";
import type { Etcd } from "../../../src/index.ts";
import { KV } from "../../../src/proto.ts";
import type { Answers } from "./orders.ts";
import { Digest, nameLength, neighbours } from "./subject.ts";

/** How a backlog is made. */
export interface BacklogSize {
  readonly bytes: number;
  /** Of values of 1 KiB, in one revision. */
  readonly putsPerRevision: number;
}

const valueBytes = 1_024;

/** What was written, in figures of the same kind as the reader's. */
export interface Backlog extends Pick<Answers, "events" | "digest"> {
  readonly last: bigint;
  /** As many revisions were written before as after. */
  readonly half: bigint;
  /** How many events each neighbour was to have. */
  readonly told: number;
}

/** Writes a backlog, several revisions at a time, and tells the neighbours something ten times a second. */
export async function writeBacklog(etcd: Etcd, size: BacklogSize): Promise<Backlog> {
  const revisions = Math.ceil(size.bytes / (size.putsPerRevision * valueBytes));
  const written: (readonly [bigint, readonly string[]])[] = [];
  let left = revisions;
  const writer = async (): Promise<void> => {
    while (left > 0) written.push(await writeOnce(etcd, left--, size.putsPerRevision));
  };
  const stop = new AbortController();
  const telling = tellNeighbours(etcd, stop.signal);
  await Promise.all(Array.from({ length: 16 }, writer));
  stop.abort();
  const told = await telling;
  written.sort(([a], [b]) => Number(a - b));
  const digest = new Digest();
  for (const [revision, names] of written) for (const name of names) digest.add(`${revision} ${name}`);
  const [half = 0n, last = 0n] = [revisions >> 1, revisions - 1].map((i) => written[i]?.[0]);
  return { last, half, told, events: digest.lines, digest: `${digest}` };
}

async function writeOnce(etcd: Etcd, turn: number, puts: number): Promise<readonly [bigint, readonly string[]]> {
  const encoder = new TextEncoder();
  const names = Array.from({ length: puts }, (_, i) => `${turn}.${i}`.padEnd(nameLength));
  const { header } = await createClient(KV, etcd.transport).txn({
    success: names.map((name, i) => ({
      request: {
        case: "requestPut",
        value: { key: encoder.encode(`busy/${i}`), value: encoder.encode(name.padEnd(valueBytes, "v")) },
      },
    })),
  });
  return [header?.revision ?? 0n, names];
}

async function tellNeighbours(etcd: Etcd, stop: AbortSignal): Promise<number> {
  for (let told = 1; ; told++) {
    for (let i = 0; i < neighbours; i++) await etcd.put(`neighbour/${i}`, String(Date.now()));
    if (stop.aborted) return told;
    await sleep(100);
  }
}
