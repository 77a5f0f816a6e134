import { type Platform, sleep } from "../platform/platform.ts";
import { type DehydratedView, type Rehydrated, rehydrate } from "./dehydrated.ts";
import { toStorage, type ViewStorage } from "./view-storage.ts";

/** Milliseconds between two savings at the least. */
const pauseMs = 1_000;
/** Milliseconds that a storage is waited for: some never answer. What it tells later still counts. */
const patienceMs = 1_000;

/** A view's text in a storage: read once, and written a while after it has changed. */
export class Keeping {
  readonly #platform: Platform;
  readonly #storage: ViewStorage;
  readonly #id: string;
  readonly #failed: (error: unknown) => void;
  #pending: (() => DehydratedView) | undefined;
  #cancel: (() => void) | undefined;
  /** Settled when it was read, or is not waited for any more; undefined: not asked for yet. Never rejects. */
  loaded: Promise<void> | undefined;

  constructor(
    platform: Platform,
    storage: "local" | "indexeddb" | ViewStorage,
    place: string,
    failed: (error: unknown) => void,
  ) {
    this.#platform = platform;
    this.#storage = toStorage(storage);
    this.#id = `etcd-web/view/1/${place}`;
    this.#failed = failed;
  }

  /** Gives what was kept, at once where the storage answers at once. What cannot be read is as if there were nothing. */
  load(found: (kept: Rehydrated) => void): void {
    if (this.loaded !== undefined) return;
    this.loaded = Promise.resolve();
    const take = (text: string | undefined): void => {
      const kept = text === undefined ? undefined : rehydrate(parse(text));
      if (kept !== undefined) found(kept);
    };
    try {
      const answer = this.#storage.load(this.#id);
      if (typeof answer !== "object") take(answer);
      else this.loaded = this.#patiently(Promise.resolve(answer).then(take).catch(this.#failed));
    } catch (error) {
      this.#failed(error);
    }
  }

  /** Writes what `view` gives, soon; what comes meanwhile goes with it. */
  save(view: () => DehydratedView): void {
    this.#pending = view;
    this.#cancel ??= this.#platform.setTimeout(() => this.flush(), pauseMs);
  }

  /** Writes what has not been written. */
  flush(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    const view = this.#pending;
    this.#pending = undefined;
    if (view !== undefined) void this.#write(view);
  }

  async #patiently(loading: Promise<void>): Promise<void> {
    const loaded = new AbortController();
    await Promise.race([loading, sleep(this.#platform, patienceMs, loaded.signal)]);
    loaded.abort();
  }

  async #write(view: () => DehydratedView): Promise<void> {
    try {
      await this.#storage.save(this.#id, JSON.stringify(view()));
    } catch (error) {
      this.#failed(error);
    }
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
