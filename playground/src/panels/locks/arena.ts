import type { Etcd } from "etcd-web";
import { toFailure } from "../../text/failure.ts";
import { toastFailure } from "../../ui/toast.tsx";
import { Contender, type ContenderState, type Contest } from "./contender.ts";

export interface LogLine {
  readonly id: number;
  readonly at: Date;
  readonly text: string;
}

export interface ArenaState {
  readonly contest: Contest;
  readonly contenders: readonly ContenderState[];
  readonly log: readonly LogLine[];
}

const names = ["Ann", "Ben", "Cleo", "Dan", "Eve", "Finn"] as const;
export const mostContenders = names.length;
const mostLines = 200;

/** Where clients contend, and what is seen of it from outside. */
export class Arena {
  readonly #etcd: Etcd;
  readonly #listeners = new Set<() => void>();
  #contenders = new Map<string, Contender>();
  #log: readonly LogLine[] = [];
  #watching = new AbortController();
  #lines = 0;
  #state: ArenaState;

  constructor(etcd: Etcd, contest: Contest) {
    this.#etcd = etcd;
    this.#state = { contest, contenders: [], log: [] };
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly state = (): ArenaState => this.#state;

  /** Begins anew, with two clients. */
  open(contest: Contest): void {
    this.close();
    this.#watching = new AbortController();
    this.#log = [];
    this.#state = { contest, contenders: [], log: [] };
    void this.#watch(contest, this.#watching.signal);
    this.add();
    this.add();
  }

  add(): void {
    const name = names.find((each) => !this.#contenders.has(each));
    if (name !== undefined) this.#enter(name);
  }

  join(name: string): void {
    void this.#contenders.get(name)?.join();
  }

  leave(name: string): void {
    this.#contenders.get(name)?.leave().catch(failed);
  }

  kill(name: string): void {
    this.#contenders.get(name)?.kill();
  }

  /** The same name, as a new client: it remembers nothing. */
  restart(name: string): void {
    this.#enter(name);
  }

  remove(name: string): void {
    this.#contenders.get(name)?.close().catch(failed);
    this.#contenders.delete(name);
    this.#tell();
  }

  close(): void {
    this.#watching.abort();
    for (const contender of this.#contenders.values()) contender.close().catch(failed);
    this.#contenders = new Map();
  }

  #enter(name: string): void {
    const { contest } = this.#state;
    const contender = new Contender(name, contest, this.#etcd.transport, (text) => this.#tell(text));
    this.#contenders.set(name, contender);
    this.#tell();
  }

  /** When a client's key goes, etcd says so. */
  async #watch({ name }: Contest, signal: AbortSignal): Promise<void> {
    try {
      for await (const event of this.#etcd.watch({ prefix: `${name}/` }, { only: "delete", prevKv: true, signal })) {
        const gone = [...this.#contenders.values()].find(({ state }) => state.lease === event.prevKv?.lease);
        gone?.expired(event.kv.key, event.kv.modRevision);
      }
    } catch (error) {
      if (!signal.aborted) failed(error);
    }
  }

  #tell(text?: string): void {
    if (text !== undefined) this.#log = [...this.#log, { id: ++this.#lines, at: new Date(), text }].slice(-mostLines);
    const contenders = Array.from(this.#contenders.values(), ({ state }) => state);
    this.#state = { ...this.#state, contenders, log: this.#log };
    for (const listener of this.#listeners) listener();
  }
}

function failed(error: unknown): void {
  toastFailure(toFailure(error));
}
