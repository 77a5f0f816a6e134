/** What is saved, where, and the time. */
export interface Saved {
  /** The state as it is; nothing else runs meanwhile. */
  take(): Uint8Array;
  /** Writes it, in its own time. */
  keep(state: Uint8Array): Promise<void>;
  now?(): number;
  sleep?(ms: number): Promise<void>;
}

const leastPauseMs = 100;
/** For each millisecond that taking the state holds everything else up, so many go by before it is taken again. */
const pauseShare = 20;

/**
 * Saves a state as soon as it has changed: a browser may end a worker with the window that is closed. Many changes share
 * the saves that follow. How long the browser takes to write is no reason to wait: it may be busy with other things.
 */
export class Saver {
  readonly #saved: Required<Saved>;
  #isUnsaved = false;
  #saving: Promise<void> | undefined;

  constructor(saved: Saved) {
    const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
    this.#saved = { now: () => performance.now(), sleep, ...saved };
  }

  /** The state has changed. Resolves when all changes are saved. */
  async changed(): Promise<void> {
    this.#isUnsaved = true;
    this.#saving ??= this.#saveUntilSaved().finally(() => {
      this.#saving = undefined;
    });
    await this.#saving;
  }

  /** Without a pause, where something has changed since the last save. */
  async saveNow(): Promise<void> {
    if (this.#isUnsaved) await this.#save();
  }

  /** Resolves when nothing is being saved. */
  async rest(): Promise<void> {
    await this.#saving;
  }

  async #saveUntilSaved(): Promise<void> {
    while (this.#isUnsaved) {
      const tookMs = await this.#save();
      await this.#saved.sleep(Math.max(leastPauseMs, pauseShare * tookMs));
    }
  }

  /** Gives how long it held everything else up. */
  async #save(): Promise<number> {
    this.#isUnsaved = false;
    const began = this.#saved.now();
    const state = this.#saved.take();
    const tookMs = this.#saved.now() - began;
    await this.#saved.keep(state);
    return tookMs;
  }
}
