/** What is saved, where, and the time. */
export interface Saved {
  /** The state as it is; nothing else runs meanwhile. */
  take(): Uint8Array;
  /** Writes it, in its own time. */
  keep(state: Uint8Array): Promise<void>;
  /** Once when saving fails, with the reason; once with undefined when it does not any more. */
  told?(reason: unknown): void;
  now?(): number;
  sleep?(ms: number): Promise<void>;
}

const leastPauseMs = 100;
/** For each millisecond that taking the state holds everything else up, so many go by before it is taken again. */
const pauseShare = 20;
/** After a failure; twice as long after each one more. */
const firstRetryMs = 1_000;
const mostRetryMs = 30_000;

/**
 * Saves a state as soon as it has changed: a browser may end a worker with the window that is closed. Many changes share
 * the saves that follow. How long the browser takes to write is no reason to wait: it may be busy with other things.
 * What could not be saved is tried again until it is.
 */
export class Saver {
  readonly #saved: Required<Saved>;
  #isUnsaved = false;
  /** Of the loop that saves; another one, or undefined: it is to end. */
  #turn: symbol | undefined;
  #writing: Promise<void> | undefined;
  #failures = 0;

  constructor(saved: Saved) {
    const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    this.#saved = { now: () => performance.now(), sleep, told: () => {}, ...saved };
  }

  /** The state has changed. */
  changed(): void {
    this.#isUnsaved = true;
    if (this.#turn !== undefined) return;
    this.#turn = Symbol("turn");
    void this.#saveUntilSaved(this.#turn);
  }

  /** Without a pause, where something has changed since the last save. */
  async saveNow(): Promise<void> {
    if (!this.#isUnsaved) return;
    await this.#save();
    if (this.#isUnsaved) this.changed(); // What saves may have come to its end meanwhile.
  }

  /** Lets go of what is not saved yet. Resolves when nothing is being written. */
  async forget(): Promise<void> {
    this.#turn = undefined;
    await this.#writing?.catch(() => {}); // Whoever wrote has heard of it.
    this.#isUnsaved = false;
    this.#succeeded();
  }

  async #saveUntilSaved(turn: symbol): Promise<void> {
    while (this.#isUnsaved) {
      const pauseMs = await this.#save();
      await this.#saved.sleep(pauseMs);
      if (this.#turn !== turn) return;
    }
    this.#turn = undefined;
  }

  /** Gives how long to wait before the next. */
  async #save(): Promise<number> {
    this.#isUnsaved = false;
    try {
      const began = this.#saved.now();
      const state = this.#saved.take();
      const tookMs = this.#saved.now() - began;
      this.#writing = this.#saved.keep(state);
      await this.#writing;
      this.#succeeded();
      return Math.max(leastPauseMs, pauseShare * tookMs);
    } catch (reason) {
      this.#isUnsaved = true;
      return this.#failed(reason);
    }
  }

  #succeeded(): void {
    if (this.#failures > 0) this.#saved.told(undefined);
    this.#failures = 0;
  }

  #failed(reason: unknown): number {
    if (this.#failures === 0) this.#saved.told(reason);
    return Math.min(mostRetryMs, firstRetryMs * 2 ** this.#failures++);
  }
}
