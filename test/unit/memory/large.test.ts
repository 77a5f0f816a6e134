import { test } from "node:test";
import { create } from "@bufbuild/protobuf";
import { expect } from "chai";
import { PutRequestSchema, RangeRequestSchema } from "../../../src/gen/etcdserverpb/kv_pb.ts";
import { KvCalls } from "../../../src/memory/kv-calls.ts";
import { createServer } from "../../../src/memory/server.ts";
import { bytes, fromKey, ManualClock } from "./fixture.ts";

const few = 1_000;
const many = 100_000;

/** An etcd with so many keys, in no order of their making, and what its calls cost. */
class Loaded {
  readonly kv: KvCalls;
  readonly #count: number;

  constructor(count: number) {
    this.#count = count;
    const server = createServer({ clock: new ManualClock(), random: () => 1n, progressIntervalMs: 10_000 });
    this.kv = new KvCalls(server.core, new Headers());
    for (let index = 0; index < count; index++) this.put(index);
  }

  put(index: number): void {
    this.kv.put(create(PutRequestSchema, { key: this.#key(index), value: bytes("value") }));
  }

  get(index: number): void {
    this.kv.range(create(RangeRequestSchema, { key: this.#key(index) }));
  }

  tenFrom(index: number): void {
    this.kv.range(create(RangeRequestSchema, { key: this.#key(index), rangeEnd: fromKey, limit: 10n }));
  }

  #key(index: number): Uint8Array {
    return bytes(`key/${(index * 7919) % this.#count}`);
  }
}

/** Microseconds a call, of the best of many short rounds: one that nobody else came between. */
function cost(call: (index: number) => void): number {
  const rounds = Array.from({ length: 50 }, (_, round) => {
    const begun = performance.now();
    for (let index = 0; index < 100; index++) call(index * 31 + round);
    return ((performance.now() - begun) * 1000) / 100;
  });
  return Math.min(...rounds);
}

test("a hundred times as many keys cost a call no more than a few cache misses", () => {
  const [small, large] = [new Loaded(few), new Loaded(many)];
  for (const call of ["get", "put", "tenFrom"] as const) {
    const [before, after] = [small, large].map((etcd) => cost((index) => etcd[call](index))) as [number, number];
    // The logarithm of 100 is below 7; what grew with the keys would be 100 times as slow.
    expect(after / before, `${call}(): ${before.toFixed(1)} µs, then ${after.toFixed(1)} µs`).to.be.below(20);
  }
});
