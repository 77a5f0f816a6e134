import { setMaxListeners } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { createEtcd, type Etcd, passwordAuth } from "../../src/index.ts";
import { eventually } from "../fixtures/eventually.ts";
import { type FaultKind, faults, planFaults } from "./faults.ts";
import { Fleet } from "./fleet.ts";
import { Ground, users } from "./ground.ts";
import type { ObservedWatch } from "./observed-watch.ts";
import { type Random, seededRandom } from "./random.ts";
import { judge, type RoundOptions, type RoundResult } from "./round-result.ts";
import { covers, type WatchRecord } from "./watch-record.ts";
import { Writer } from "./writer.ts";
import { WriteLog } from "./writes.ts";

/** One cluster from its start to its end, with writers, watches and faults between; then everything is checked. */
export async function runRound(options: RoundOptions): Promise<RoundResult> {
  await using ground = await Ground.open(options.version, options.proxy, options.clients);
  return await new Round(options, ground).run();
}

/** How long a watch may take to come to the end once everything runs again: its next try may be 10 s off, and fail. */
const catchUpMs = 60_000;

class Round {
  readonly #options: RoundOptions;
  readonly #ground: Ground;
  readonly #random: Random;
  readonly #log = new WriteLog();
  readonly #struck = new Map<FaultKind, number>();
  readonly #stopWriting = new AbortController();
  readonly #stopOpening = new AbortController();
  #inFlight = 0;

  constructor(options: RoundOptions, ground: Ground) {
    this.#options = options;
    this.#ground = ground;
    this.#random = seededRandom(options.seed);
    for (const { signal } of [this.#stopWriting, this.#stopOpening]) setMaxListeners(0, signal);
  }

  async run(): Promise<RoundResult> {
    const begun = performance.now();
    const { devices, writersPath } = this.#ground;
    const writersClient = createEtcd({ endpoints: writersPath.url, auth: passwordAuth(users.root) });
    const clients = devices.map((device) => device.createEtcd(users.reader));
    try {
      const { records, leftovers } = await this.#play(clients, writersClient);
      const { history, compactions } = this.#ground;
      const played = { options: this.#options, faults: this.#struck, inFlight: this.#inFlight, log: this.#log };
      const signIns = devices.reduce((sum, device) => sum + device.signIns, 0);
      const seconds = (performance.now() - begun) / 1000;
      return judge({ ...played, signIns, history, compactions: compactions.length, records, leftovers, seconds });
    } finally {
      await Promise.all([writersClient, ...clients].map((client) => client.close()));
    }
  }

  async #play(clients: readonly Etcd[], writersClient: Etcd): Promise<{ records: WatchRecord[]; leftovers: string[] }> {
    const writers = this.#makeWriters(writersClient);
    const writing = Promise.all(writers.map((writer) => writer.run(this.#stopWriting.signal, this.#options.pauseMs)));
    const fleet = this.#openFleet(clients);
    try {
      await this.#strikeAll(fleet);
      this.#stopOpening.abort();
      await fleet.settled();
      await this.#ground.heal();
    } finally {
      this.#stopOpening.abort();
      this.#stopWriting.abort();
    }
    await writing;
    await writers[0]?.sweep();
    await this.#readToTheEnd(fleet);
    const records = fleet.watches.map((watch) => watch.record());
    await Promise.all(fleet.watches.map((watch) => watch.close()));
    return { records, leftovers: await this.#leftovers() };
  }

  #makeWriters(client: Etcd): Writer[] {
    return Array.from({ length: this.#options.writers }, (_, index) => {
      return new Writer(`w${index}`, client, this.#random.fork(`writer ${index}`), this.#log);
    });
  }

  #openFleet(clients: readonly Etcd[]): Fleet {
    const around = { log: this.#log, compactions: this.#ground.compactions, hurry: this.#stopOpening.signal };
    return new Fleet(clients, this.#options, around, this.#random.fork("fleet"), this.#stopOpening.signal);
  }

  /** The faults one after the other; now and then the next one strikes while one lasts. */
  async #strikeAll(fleet: Fleet): Promise<void> {
    const random = this.#random.fork("faults");
    const plan = planFaults(random, this.#options.faults);
    let lasting: Promise<void> = Promise.resolve();
    for (const [index, kind] of plan.entries()) {
      await this.#untilInFlight(fleet);
      this.#options.progress?.(`${index + 1}/${plan.length} ${kind}, at revision ${this.#log.newest}`);
      this.#struck.set(kind, (this.#struck.get(kind) ?? 0) + 1);
      const fault = faults[kind]({ ground: this.#ground, log: this.#log, random: random.fork(`${index}`) });
      lasting = Promise.all([lasting, fault]).then(() => {});
      if (!overlaps(kind, plan[index + 1]) || !random.chance(0.3)) await lasting;
      await sleep(random.between(0, 1_000));
    }
    await lasting;
  }

  /** A fault strikes when a watch owes something: then the way is not empty. */
  async #untilInFlight(fleet: Fleet): Promise<void> {
    let owing = 0;
    await this.#log.when(() => {
      const newest = this.#log.writes.at(-1);
      owing = newest === undefined ? 0 : fleet.owing(newest);
      return owing > 0;
    });
    this.#inFlight += owing;
  }

  /** Reads the history, and waits for the watches to come to its end, until nothing is added to it any more. */
  async #readToTheEnd(fleet: Fleet): Promise<void> {
    for (let last = 0n; last < (await this.#ground.revision()); ) {
      last = await this.#ground.readHistory();
      const late = performance.now() + catchUpMs;
      for (const watch of fleet.watches) {
        const arrived = async (): Promise<true | undefined> => this.#hasArrived(watch) || undefined;
        await eventually(watch.name, arrived, late - performance.now()).catch(() => {}); // the checker will say it
      }
      await sleep(1_000); // for what should not come any more, and for bookmarks
    }
  }

  /** Whether a watch has come to the last revision that holds something for it. */
  #hasArrived({ isOpen, opened, reached, plan }: ObservedWatch): boolean {
    if (!isOpen) return true;
    if (opened === undefined) return false;
    const subject = { ...plan.subject, start: opened };
    const { history } = this.#ground;
    for (let revision = history.last; revision >= opened && revision > reached; revision--) {
      if (history.at(revision).some((event) => covers(subject, event))) return false;
    }
    return true;
  }

  /** A watch that was left must be gone from the servers too. */
  async #leftovers(): Promise<string[]> {
    const { members } = this.#ground.cluster;
    const count = async (): Promise<number> => {
      const counts = await Promise.all(members.map((member) => member.watchers()));
      return counts.reduce((sum, more) => sum + more, 0);
    };
    const gone = async (): Promise<true | undefined> => (await count()) === 0 || undefined;
    return eventually("no watch is left", gone, 20_000).then(
      () => [],
      async () => [`leak: the members hold ${await count()} watches that nobody reads`],
    );
  }
}

/** Two that both take members away must not meet: one would restart what the other one holds. */
function overlaps(kind: FaultKind, next: FaultKind | undefined): boolean {
  return next !== undefined && !(/kill|pause|move/.test(kind) && /kill|pause|move/.test(next));
}
