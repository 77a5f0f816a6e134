import type { Transport } from "@connectrpc/connect";
import { type ConnectionState, createEtcd, type Etcd, isEtcdError, type Watch, type WatchEvent } from "etcd-web";
import { type CuttableTransport, cuttable } from "../../connection/cuttable.ts";
import { type Failure, toFailure } from "../../text/failure.ts";
import { optionsOf, rangeOf, type WatchSpec } from "./spec.ts";

/** A watch, and how far it has come. */
export interface WatchState {
  readonly id: number;
  readonly spec: WatchSpec;
  /** The first revision that it covers, once etcd has confirmed it. */
  readonly first: bigint | undefined;
  /** The last revision that came. */
  readonly last: bigint | undefined;
  readonly events: number;
  readonly failure: Failure | undefined;
  /** Where it could go on, if it has failed because history before was compacted. */
  readonly compactRevision: bigint | undefined;
}

/** A line of the list. */
export type Row =
  | {
      readonly kind: "event";
      readonly id: number;
      readonly watch: number;
      readonly revision: bigint;
      /** The first of its revision: a batch begins. */
      readonly begins: boolean;
      readonly event: WatchEvent;
      readonly at: Date;
    }
  | { readonly kind: "mark"; readonly id: number; readonly tone: "wait" | "good"; readonly text: string };

export interface BoardState {
  readonly watches: readonly WatchState[];
  readonly rows: readonly Row[];
  /** Rows that have come since it was paused. */
  readonly held: number;
  readonly paused: boolean;
  readonly isCut: boolean;
  readonly connection: ConnectionState["state"];
}

const mostRows = 20_000;
const tellEveryMs = 50;

/** Watches with a client of their own, whose connection can be cut. What they bring, in the order it came. */
export class Board {
  readonly #inner: Transport;
  #link: CuttableTransport;
  #etcd: Etcd;
  readonly #open = new Map<number, Watch>();
  readonly #listeners = new Set<() => void>();
  #rows: Row[] = [];
  #watches: readonly WatchState[] = [];
  /** As it was when it was paused. */
  #shown: readonly Row[] | undefined;
  #cutAt: { readonly at: number; readonly rows: number } | undefined;
  #isCut = false;
  #made = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #state: BoardState;

  constructor(etcd: Etcd) {
    this.#inner = etcd.transport;
    this.#link = cuttable(this.#inner);
    this.#etcd = createEtcd({ transport: this.#link.transport });
    this.#state = this.#current();
  }

  /** Begins; what was before is forgotten. */
  open(specs: readonly WatchSpec[]): void {
    this.#link = cuttable(this.#inner);
    this.#etcd = createEtcd({ transport: this.#link.transport });
    this.#etcd.connection.subscribe(() => this.#follow());
    this.#open.clear();
    this.#watches = [];
    this.#rows = [];
    this.#shown = undefined;
    this.#cutAt = undefined;
    this.#isCut = false;
    this.#tell();
    for (const spec of specs) this.add(spec);
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): BoardState => this.#state;

  add(spec: WatchSpec): void {
    const id = ++this.#made;
    this.#watches = [...this.#watches, { ...blank, id, spec }];
    this.#tell();
    void this.#run(id, spec);
  }

  remove(id: number): void {
    void this.#open.get(id)?.close();
    this.#open.delete(id);
    this.#watches = this.#watches.filter((watch) => watch.id !== id);
    this.#tell();
  }

  clear(): void {
    this.#rows = [];
    if (this.#shown !== undefined) this.#shown = [];
    this.#tell();
  }

  /** What comes is kept, and shown afterwards. */
  pause(): void {
    this.#shown = this.#rows.slice();
    this.#tell();
  }

  resume(): void {
    this.#shown = undefined;
    this.#tell();
  }

  cut(): void {
    if (this.#isCut) return;
    this.#isCut = true;
    this.#cutAt = { at: performance.now(), rows: this.#rows.length };
    this.#mark("wait", "The connection is cut. Changes go on in etcd; nothing of them arrives here.");
    this.#link.cut();
    this.#tell();
  }

  mend(): void {
    this.#isCut = false;
    this.#link.mend();
    // It would notice by itself, with its next try; a person is waiting.
    globalThis.dispatchEvent(new Event("online"));
    this.#tell();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    void this.#etcd.close();
  }

  async #run(id: number, spec: WatchSpec): Promise<void> {
    try {
      const watch = this.#etcd.watch(rangeOf(spec), optionsOf(spec));
      this.#open.set(id, watch);
      watch.opened.then(
        (first) => this.#change(id, () => ({ first })),
        () => {}, // The loop below hears of it.
      );
      for await (const { revision, events } of watch.batches()) {
        const at = new Date();
        events.forEach((event, index) => {
          this.#push({ kind: "event", id: ++this.#made, watch: id, revision, begins: index === 0, event, at });
        });
        this.#change(id, (before) => ({ last: revision, events: before.events + events.length }));
      }
    } catch (error) {
      const compactRevision = isEtcdError(error, "compacted") ? error.compactRevision : undefined;
      this.#change(id, () => ({ failure: toFailure(error), compactRevision }));
    }
  }

  /** Says when the connection is back, and what came of the time without. */
  #follow(): void {
    if (this.#etcd.connection.state.state === "live" && this.#cutAt !== undefined && !this.#isCut) {
      const seconds = (performance.now() - this.#cutAt.at) / 1_000;
      this.#cutAt = undefined;
      const from = this.#watches.map(({ last, first }) => last ?? first).filter((each) => each !== undefined);
      const after = from.length === 0 ? "" : `, from revision ${from.reduce((a, b) => (a > b ? a : b))} on`;
      this.#mark("good", `Connected again after ${seconds.toFixed(1)} s: every watch goes on where it was${after}.`);
    }
    this.#tell();
  }

  #change(id: number, next: (before: WatchState) => Partial<WatchState>): void {
    this.#watches = this.#watches.map((watch) => (watch.id === id ? { ...watch, ...next(watch) } : watch));
    this.#tell();
  }

  #mark(tone: "wait" | "good", text: string): void {
    this.#push({ kind: "mark", id: ++this.#made, tone, text });
  }

  #push(row: Row): void {
    this.#rows.push(row);
    if (this.#rows.length > mostRows) this.#rows = this.#rows.slice(-mostRows / 2);
  }

  /** Soon, and once for all that comes until then. */
  #tell(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#state = this.#current();
      for (const listener of this.#listeners) listener();
    }, tellEveryMs);
  }

  #current(): BoardState {
    const rows = this.#shown ?? this.#rows.slice();
    return {
      watches: this.#watches,
      rows,
      held: Math.max(0, this.#rows.length - rows.length),
      paused: this.#shown !== undefined,
      isCut: this.#isCut,
      connection: this.#etcd.connection.state.state,
    };
  }
}

const blank = { first: undefined, last: undefined, events: 0, failure: undefined, compactRevision: undefined };
