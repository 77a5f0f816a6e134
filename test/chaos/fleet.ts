import { setTimeout as sleep } from "node:timers/promises";
import type { Etcd } from "../../src/index.ts";
import { ObservedWatch, type Surroundings } from "./observed-watch.ts";
import type { Random } from "./random.ts";
import { planWatch } from "./watch-plan.ts";
import type { Write } from "./writes.ts";

/** How many watches there are at a time. */
export interface FleetSize {
  /** Kept from the beginning to the end. */
  readonly steady: number;
  /** Opened, kept for seconds, left, and opened again. */
  readonly passing: number;
}

/** Many watches over several clients. One that ends is followed by another. */
export class Fleet {
  /** Every watch there has ever been. */
  readonly watches: ObservedWatch[] = [];
  readonly #clients: readonly Etcd[];
  readonly #around: Surroundings;
  readonly #stop: AbortSignal;
  readonly #places: Promise<void>[] = [];

  constructor(clients: readonly Etcd[], size: FleetSize, around: Surroundings, random: Random, stop: AbortSignal) {
    this.#clients = clients;
    this.#around = around;
    this.#stop = stop;
    for (let i = 0; i < size.steady; i++) this.#places.push(this.#fill(`steady-${i}`, true, random));
    for (let i = 0; i < size.passing; i++) this.#places.push(this.#fill(`passing-${i}`, false, random));
  }

  /** How many watches owe an event of a write that was acknowledged. */
  owing(write: Write): number {
    return this.watches.filter((watch) => watch.owes(write)).length;
  }

  /** Resolves when no watch is opened any more. */
  async settled(): Promise<void> {
    await Promise.all(this.#places);
  }

  /** One place in the fleet: a watch, and the next one when it has ended. */
  async #fill(place: string, steady: boolean, random: Random): Promise<void> {
    const choices = random.fork(place);
    const client = choices.pick(this.#clients);
    for (let turn = 1; !this.#stop.aborted; turn++) {
      const name = turn === 1 ? place : `${place}.${turn}`;
      const plan = planWatch(choices, steady);
      const watch = new ObservedWatch(name, client, plan, this.#around, choices.fork(name));
      this.watches.push(watch);
      await this.#keep(watch, plan.lifeMs);
    }
  }

  /** Until the watch has ended, has lived as long as planned, or the fleet stops. */
  async #keep(watch: ObservedWatch, lifeMs: number | undefined): Promise<void> {
    const done = new AbortController();
    const signal = AbortSignal.any([this.#stop, done.signal]);
    const life = sleep(lifeMs ?? 2 ** 30, undefined, { signal }).then(
      () => watch.leave(),
      () => {},
    );
    await Promise.race([watch.ended, life]);
    done.abort();
  }
}
