import { setTimeout as sleep } from "node:timers/promises";
import { type Etcd, op } from "../../../src/index.ts";

const inTransaction = 100;
const value = "x".repeat(100);
const inFlight = 32;

/** Puts so many keys of a list. */
export async function fill(etcd: Etcd, count: number): Promise<void> {
  let from = 0;
  const putSome = async (): Promise<void> => {
    while (from < count) {
      const [first, last] = [from, Math.min(from + inTransaction, count)];
      from = last;
      await etcd.txn({
        success: Array.from({ length: last - first }, (_, i) => op.put(keyOf(first + i), value)),
      });
    }
  };
  await Promise.all(Array.from({ length: inFlight }, putSome));
}

/**
 * Puts one of the keys so many times a second, at even intervals, until the signal aborts. Gives how many have been
 * put: fewer where etcd does not keep up.
 */
export async function change(etcd: Etcd, count: number, perSecond: number, signal: AbortSignal): Promise<number> {
  const begunAt = performance.now();
  let turns = 0;
  let puts = 0;
  const putInTurn = async (): Promise<void> => {
    while (!signal.aborted) {
      const turn = turns++;
      await sleep(Math.max(0, begunAt + (turn / perSecond) * 1000 - performance.now()));
      if (signal.aborted) return;
      await etcd.put(keyOf(scattered(turn, count)), value);
      puts++;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, putInTurn));
  return puts;
}

function keyOf(i: number): string {
  return `app/${String(i).padStart(6, "0")}`;
}

/** Each key once before one comes again, in an order without pattern to the eye. */
function scattered(i: number, count: number): number {
  const coprime = 61_803; // to every power of ten
  return (i * coprime) % count;
}
