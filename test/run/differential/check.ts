import { setImmediate, setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import type { Counts } from "./counts.ts";
import type { CallStep, CancelStep, Program, Step, WatchStep } from "./program.ts";
import { Session } from "./session.ts";
import type { Pair } from "./targets.ts";
import { WatchRecord } from "./watch-record.ts";

/** Runs a program on both; throws where they differ, and says how. */
export async function check(pair: Pair, program: Program, counts: Counts): Promise<void> {
  const run = await Run.begin(pair, counts);
  try {
    for (const [index, step] of program.entries()) await run.step(index, step);
    await run.finish();
  } finally {
    run.close();
  }
}

interface Records {
  readonly real: WatchRecord;
  readonly memory: WatchRecord;
}

/** A program on its way through both. */
class Run {
  readonly #real: Session;
  readonly #memory: Session;
  readonly #counts: Counts;
  readonly #streams = new Map<number, Records>();

  private constructor(real: Session, memory: Session, counts: Counts) {
    this.#real = real;
    this.#memory = memory;
    this.#counts = counts;
  }

  static async begin({ real, memory }: Pair, counts: Counts): Promise<Run> {
    return new Run(await Session.begin(real), await Session.begin(memory), counts);
  }

  async step(index: number, step: Step): Promise<void> {
    if ("call" in step) await this.#call(index, step);
    else if ("watch" in step) await this.#watch(step);
    else await this.#cancel(step);
  }

  /** Both have heard everything when they have heard the last. */
  async finish(): Promise<void> {
    await Promise.all([this.#real.finish(), this.#memory.finish()]);
    for (const [stream, { real, memory }] of this.#streams) {
      await real.heardAs(memory);
      equal(`the answers of watch stream ${stream}`, real.controls, memory.controls);
      equal(`the compacted watches of stream ${stream}`, byId(real.compacted), byId(memory.compacted));
      equal(`the events of watch stream ${stream}`, byId(real.events), byId(memory.events));
      this.#counts.watched(real);
    }
  }

  close(): void {
    for (const { real, memory } of this.#streams.values()) for (const record of [real, memory]) record.close();
  }

  async #call(index: number, step: CallStep): Promise<void> {
    // etcd looks after watches of the past ten times a second: they are to be through before history goes.
    if (step.call === "kv.compact" && this.#streams.size > 0) await sleep(250);
    const [real, memory] = await Promise.all([this.#real.call(step), this.#memory.call(step)]);
    this.#counts.add(real.call, real.outcome);
    equal(`step ${index}, ${step.call}`, real, memory);
  }

  async #watch(step: WatchStep): Promise<void> {
    const { real, memory } = await this.#stream(step);
    const create = (record: WatchRecord, session: Session): Promise<void> =>
      record.create(session.resolve(step.watch) as object);
    await Promise.all([create(real, this.#real), create(memory, this.#memory)]);
  }

  /** What a watch of the past brings up to its end depends on who is faster: so both bring all of it. */
  async #cancel(step: CancelStep): Promise<void> {
    const { real, memory } = await this.#stream(step);
    await setImmediate();
    await real.catchUpWith(memory);
    await Promise.all([real, memory].map((record) => record.cancel(BigInt(step.cancel))));
  }

  /** Opened by the first who uses it, with their token. */
  async #stream({ stream, token }: WatchStep | CancelStep): Promise<Records> {
    const known = this.#streams.get(stream);
    if (known !== undefined) return known;
    const [real, memory] = await Promise.all([
      WatchRecord.open(this.#real, token),
      WatchRecord.open(this.#memory, token),
    ]);
    this.#streams.set(stream, { real, memory });
    return { real, memory };
  }
}

function byId(map: ReadonlyMap<bigint, unknown>): readonly (readonly [bigint, unknown])[] {
  return [...map].sort(([a], [b]) => Number(a - b));
}

function equal(what: string, real: unknown, memory: unknown): void {
  if (isDeepStrictEqual(real, memory)) return;
  throw new Error(`${what} differs\n  etcd 3.7: ${show(real)}\n  memory:   ${show(memory)}`);
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, each) => (typeof each === "bigint" ? `${each}n` : each));
}
