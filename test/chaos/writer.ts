import { setTimeout as sleep } from "node:timers/promises";
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { type Etcd, isEtcdError } from "../../src/index.ts";
import { KV, Lease, type RequestOpSchema } from "../../src/proto.ts";
import { keyToBytes, oneKey, valueToText } from "./history.ts";
import { keys, randomInterval, randomKey } from "./keys.ts";
import type { Random } from "./random.ts";
import type { Effect, Outcome, WriteLog } from "./writes.ts";

/** How long a writer waits for an answer before it counts it as lost. */
const answerMs = 3_000;

/** Writes one thing after the other, says so in the log, and stops when told to. Its plan is its seed's. */
export class Writer {
  readonly #name: string;
  readonly #etcd: Etcd;
  readonly #random: Random;
  readonly #log: WriteLog;
  readonly #options = { timeoutMs: answerMs };
  #written = 0;
  #lease: bigint | undefined;

  constructor(name: string, etcd: Etcd, random: Random, log: WriteLog) {
    this.#name = name;
    this.#etcd = etcd;
    this.#random = random;
    this.#log = log;
  }

  async run(stop: AbortSignal, pauseMs: number): Promise<void> {
    while (!stop.aborted) {
      await this.#writeAny();
      await sleep(this.#random.between(0, 2 * pauseMs));
    }
    await this.endLease();
  }

  /** Puts every key, then deletes them all at once, so that every watch has something to come to. */
  async sweep(): Promise<void> {
    for (const key of keys) await this.#put(key, 0n);
    await this.#delete({ from: "a/", to: "d/" });
  }

  /** Revokes the lease it holds, until it is sure that it is gone. */
  async endLease(): Promise<void> {
    const lease = this.#lease;
    this.#lease = undefined;
    if (lease === undefined) return;
    const leases = createClient(Lease, this.#etcd.transport);
    for (let attempt = 1; ; attempt++) {
      try {
        return void (await leases.leaseRevoke({ ID: lease }, this.#options));
      } catch (error) {
        if (ConnectError.from(error).code === Code.NotFound) return;
        if (attempt === 20) throw error;
        await sleep(250);
      }
    }
  }

  async #writeAny(): Promise<void> {
    const draw = this.#random.next();
    if (draw < 0.6) await this.#put(this.#random.pick(keys), 0n);
    else if (draw < 0.75) await this.#transact();
    else if (draw < 0.85) await this.#delete(randomKey(this.#random));
    else if (draw < 0.9) await this.#delete(randomInterval(this.#random));
    else if (this.#lease === undefined) await this.#grant();
    else if (draw < 0.97) await this.#put(this.#random.pick(keys), this.#lease);
    else await this.#leaveLease();
  }

  /** Two in three expire by themselves: the next write may still use them, or find them gone. */
  async #leaveLease(): Promise<void> {
    if (this.#random.chance(0.33)) await this.endLease().catch(() => {});
    else this.#lease = undefined;
  }

  async #grant(): Promise<void> {
    // An id of our own: a lost answer leaves a lease that is known all the same.
    const ID = BigInt(this.#random.between(1, 2 ** 31)) * 2n ** 20n + BigInt(this.#written);
    const leases = createClient(Lease, this.#etcd.transport);
    await leases.leaseGrant({ ID, TTL: 1n }, this.#options).catch(() => {});
    this.#lease = ID;
  }

  async #put(key: string, lease: bigint): Promise<void> {
    const value = this.#value();
    await this.#record([{ kind: "put", key, value: valueToText(value), lease }], async () => {
      const options = lease === 0n ? this.#options : { ...this.#options, lease };
      return (await this.#etcd.put(keyToBytes(key), value, options)).revision;
    });
  }

  async #delete({ from, to }: { from: string; to: string }): Promise<void> {
    const range = to === oneKey(from).to ? keyToBytes(from) : { from: keyToBytes(from), to: keyToBytes(to) };
    await this.#record([{ kind: "delete", from, to }], async () => {
      const { deleted, revision } = await this.#etcd.delete(range, this.#options);
      return deleted > 0 ? revision : undefined;
    });
  }

  /** A few puts and a delete, of different keys: etcd refuses one that says two things of a key. */
  async #transact(): Promise<void> {
    const [gone = "", ...others] = this.#random.shuffle(keys).slice(0, this.#random.between(2, 7));
    const puts = others.map((key) => ({ key, bytes: this.#value() }));
    const effects: Effect[] = puts.map(({ key, bytes }) => ({
      kind: "put",
      key,
      value: valueToText(bytes),
      lease: 0n,
    }));
    const place = this.#random.between(0, effects.length);
    effects.splice(place, 0, { kind: "delete", ...oneKey(gone) });
    const operations: Operation[] = puts.map(({ key, bytes }) => putOperation(key, bytes));
    operations.splice(place, 0, deleteOperation(gone));
    await this.#record(effects, async () => {
      const kv = createClient(KV, this.#etcd.transport);
      return (await kv.txn({ success: operations }, this.#options)).header?.revision;
    });
  }

  async #record(effects: readonly Effect[], run: () => Promise<bigint | undefined>): Promise<void> {
    const begunAt = performance.now();
    const outcome = await run().then((revision): Outcome => ({ kind: "acknowledged", revision }), toOutcome);
    this.#log.add({ effects, begunAt, endedAt: performance.now(), outcome });
  }

  /** No two are the same, so that each tells its writer; some are long. */
  #value(): Uint8Array<ArrayBuffer> {
    const head = `${this.#name}.${++this.#written}`;
    const length = this.#random.chance(0.01) ? 200_000 : this.#random.chance(0.1) ? 3_000 : head.length;
    const value = new Uint8Array(length).fill(0x2e);
    value.set(new TextEncoder().encode(head));
    return value;
  }
}

type Operation = MessageInitShape<typeof RequestOpSchema>;

function putOperation(key: string, value: Uint8Array): Operation {
  return { request: { case: "requestPut", value: { key: keyToBytes(key), value } } };
}

function deleteOperation(key: string): Operation {
  return { request: { case: "requestDeleteRange", value: { key: keyToBytes(key) } } };
}

// The raw stubs do not say whether a call may have run, so after their errors it may have.
function toOutcome(error: unknown): Outcome {
  if (!isEtcdError(error) || error.mayHaveRun) return { kind: "lost" };
  return { kind: "refused", reason: `${error.code}: ${error.message}` };
}
