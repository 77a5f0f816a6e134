import type { EtcdError } from "../base/errors.ts";
import { Listeners } from "../base/listeners.ts";

/**
 * How the watch streams are doing. `idle`: none is wanted. `reconnecting` carries the error that ended the last stream,
 * which try is next (starting at 1), and when it is due; while that try runs, `nextRetryAt` is in the past. A watch that
 * has failed for good is no stream any more: its reader has the reason.
 */
export type ConnectionState =
  | { readonly state: "idle" | "connecting" | "live" | "closed" }
  | {
      readonly state: "reconnecting";
      readonly reason: EtcdError;
      readonly attempt: number;
      readonly nextRetryAt: Date;
    };

/**
 * Of the watch streams. Iterated, it gives the current state first, then the latest one: a slow reader skips states
 * that have passed. It ends after `closed`.
 *
 * @example
 * ```ts
 * import type { Etcd } from "etcd-web";
 *
 * async function show(etcd: Etcd, label: HTMLElement): Promise<void> {
 *   for await (const now of etcd.connection) {
 *     label.textContent = now.state === "reconnecting" ? now.reason.message : now.state;
 *   }
 * }
 * ```
 */
export interface Connection extends AsyncIterable<ConnectionState> {
  /** Keeps its identity until it changes. */
  readonly state: ConnectionState;
  /** Calls `listener` after every change, until the function returned is called. Needs no `this`. */
  subscribe(listener: () => void): () => void;
}

const idle: ConnectionState = { state: "idle" };
const closed: ConnectionState = { state: "closed" };
const worstFirst = ["reconnecting", "connecting", "live"] as const;

/** The connection as the streams report it: one state of many is the worst of them. */
export class StreamConnection implements Connection {
  readonly #streams = new Map<object, ConnectionState>();
  readonly #listeners = new Listeners();
  #state: ConnectionState = idle;

  get state(): ConnectionState {
    return this.#state;
  }

  /** A stream's state; undefined when it is gone. */
  report(stream: object, state: ConnectionState | undefined): void {
    if (state) this.#streams.set(stream, state);
    else this.#streams.delete(stream);
    this.#change(this.#worst());
  }

  /** For good. */
  close(): void {
    this.#change(closed);
    this.#listeners.clear();
  }

  /** A property, so that it can be handed on: `useSyncExternalStore(etcd.connection.subscribe, …)`. */
  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);

  [Symbol.asyncIterator](): AsyncIterator<ConnectionState, undefined> {
    return new LatestState(this);
  }

  #worst(): ConnectionState {
    const states = [...this.#streams.values()];
    for (const name of worstFirst) {
      const found = states.find(({ state }) => state === name);
      if (found) return found;
    }
    return idle;
  }

  #change(state: ConnectionState): void {
    if (this.#state === closed || sameState(this.#state, state)) return;
    this.#state = state;
    this.#listeners.tell();
  }
}

function sameState(a: ConnectionState, b: ConnectionState): boolean {
  return a === b || (a.state === b.state && a.state !== "reconnecting");
}

/** One reader's view: it waits for a state other than the one it has seen. */
class LatestState implements AsyncIterator<ConnectionState, undefined> {
  readonly #connection: Connection;
  #seen: ConnectionState | undefined;
  #left = false;
  readonly #waiting = new Set<() => void>();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  async next(): Promise<IteratorResult<ConnectionState, undefined>> {
    while (!this.#left && this.#connection.state === this.#seen && this.#seen.state !== "closed") await this.#change();
    if (this.#left || this.#seen?.state === "closed") return { done: true, value: undefined };
    this.#seen = this.#connection.state;
    return { done: false, value: this.#seen };
  }

  async return(): Promise<IteratorResult<ConnectionState, undefined>> {
    this.#left = true;
    for (const wake of this.#waiting) wake();
    return { done: true, value: undefined };
  }

  async #change(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#waiting.add(resolve);
    const unsubscribe = this.#connection.subscribe(resolve);
    await promise;
    unsubscribe();
    this.#waiting.delete(resolve);
  }
}
