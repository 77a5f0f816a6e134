import { createEtcd, type Etcd, type Watch, type WatchEvent } from "etcd-web";
import { createMemoryEtcd, type MemoryEtcd } from "etcd-web/memory";
import { toFailure } from "../../text/failure.ts";

/** One line of what has happened. */
export interface Line {
  readonly id: number;
  /** `did`: a call, as code. `saw`: what came back. `heard`: what arrived by itself. `bad`: an error. */
  readonly kind: "did" | "saw" | "heard" | "bad";
  readonly text: string;
}

/** What a step plays on: an etcd that is there for it alone, and a log of what happens. */
export class Stage implements AsyncDisposable {
  readonly memory: MemoryEtcd = createMemoryEtcd();
  readonly etcd: Etcd;
  readonly #clients: Etcd[] = [];
  readonly #leaving = new AbortController();
  readonly #listeners = new Set<() => void>();
  #lines: readonly Line[] = [];
  #status = "";

  constructor() {
    this.etcd = this.client();
  }

  /** Aborts when the step is left. */
  get signal(): AbortSignal {
    return this.#leaving.signal;
  }

  /** Another client of the same etcd. */
  client(): Etcd {
    const client = createEtcd({ transport: this.memory.transport });
    this.#clients.push(client);
    return client;
  }

  /** A call that is made, as code. */
  readonly did = (code: string): void => this.#add("did", code);

  /** What came of it. */
  readonly saw = (text: string): void => this.#add("saw", text);

  /** What arrived by itself. */
  readonly heard = (text: string): void => this.#add("heard", text);

  /** What went wrong. */
  readonly failed = (error: unknown): void => {
    const { sentence, code } = toFailure(error);
    this.#add("bad", `${sentence} (${code})`);
  };

  /** What is going on at this moment, in place of what was said before. "": nothing. */
  now(status: string): void {
    this.#status = status;
    this.#tell();
  }

  /** Reads a watch until the step is left. */
  follow(watch: Watch, hear: (event: WatchEvent) => void): void {
    const read = async (): Promise<void> => {
      for await (const event of watch) hear(event);
    };
    read().catch((error: unknown) => this.#unlessLeft(error));
  }

  /** Something that goes on in the background, until the step is left. */
  inBackground(task: Promise<void>): void {
    task.catch((error: unknown) => this.#unlessLeft(error));
  }

  /** Waits until it is so; asks ten times a second. */
  async until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      this.signal.throwIfAborted();
    }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly lines = (): readonly Line[] => this.#lines;

  readonly status = (): string => this.#status;

  async [Symbol.asyncDispose](): Promise<void> {
    this.#leaving.abort();
    await Promise.all(this.#clients.map((client) => client.close()));
    await this.memory.close();
  }

  #add(kind: Line["kind"], text: string): void {
    this.#lines = [...this.#lines, { id: this.#lines.length, kind, text }];
    this.#tell();
  }

  #unlessLeft(error: unknown): void {
    if (!this.signal.aborted) this.failed(error);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
