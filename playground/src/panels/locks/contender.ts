import type { Transport } from "@connectrpc/connect";
import { createEtcd, type Etcd } from "etcd-web";
import { createSession, type HeldLock, type Leadership, type Session } from "etcd-web/recipes";
import { type CuttableTransport, cuttable } from "../../connection/cuttable.ts";
import { toFailure } from "../../text/failure.ts";
import { keyText } from "../../text/key-text.ts";

/**
 * `away`: wants nothing. `killed`: it does nothing any more, and etcd does not know yet. `gone`: its lease has run out.
 */
export type Phase = "away" | "waiting" | "holding" | "killed" | "gone";

/** How long it was in a phase, in milliseconds of `performance.now()`. */
export interface Span {
  readonly phase: Phase;
  readonly from: number;
  /** Undefined: it still is. */
  readonly to: number | undefined;
}

/** What clients contend for. */
export interface Contest {
  readonly kind: "lock" | "election";
  readonly name: string;
  readonly ttlSeconds: number;
}

export interface ContenderState {
  readonly name: string;
  readonly phase: Phase;
  readonly spans: readonly Span[];
  readonly lease: bigint | undefined;
  /** While it holds: the number by which etcd tells it from whoever held before. */
  readonly fencing: bigint | undefined;
}

type Held = { readonly lock: HeldLock } | { readonly leadership: Leadership };

/** A client of its own, on the real library, that can be killed. */
export class Contender {
  readonly #name: string;
  readonly #contest: Contest;
  readonly #link: CuttableTransport;
  readonly #etcd: Etcd;
  readonly #tell: (text: string | undefined) => void;
  #session: Session | undefined;
  #held: Held | undefined;
  #leaving = new AbortController();
  #state: ContenderState;

  constructor(name: string, contest: Contest, transport: Transport, tell: (text: string | undefined) => void) {
    this.#name = name;
    this.#contest = contest;
    this.#link = cuttable(transport);
    this.#etcd = createEtcd({ transport: this.#link.transport });
    this.#tell = tell;
    const first: Span = { phase: "away", from: performance.now(), to: undefined };
    this.#state = { name, phase: "away", spans: [first], lease: undefined, fencing: undefined };
  }

  get state(): ContenderState {
    return this.#state;
  }

  /** Stands in line, until it holds what it waits for. */
  async join(): Promise<void> {
    this.#leaving = new AbortController();
    this.#go("waiting", `${this.#name} waits`);
    try {
      const session = await this.#openSession();
      const held = await this.#take(session, this.#leaving.signal);
      session.signal.throwIfAborted();
      this.#held = held;
      const { fencing } = "lock" in held ? held.lock : held.leadership;
      this.#state = { ...this.#state, fencing };
      this.#go(
        "holding",
        `${this.#name} ${this.#contest.kind === "lock" ? "has the lock" : "leads"}, number ${fencing}`,
      );
    } catch (error) {
      if (this.#state.phase !== "waiting") return; // Killed, or it has left.
      this.#go("away", `${this.#name} gave up: ${toFailure(error).sentence}`);
    }
  }

  /** Gives back what it holds, or its place in line. */
  async leave(): Promise<void> {
    const held = this.#held;
    this.#held = undefined;
    this.#state = { ...this.#state, fencing: undefined };
    this.#go("away", held === undefined ? `${this.#name} leaves the line` : `${this.#name} gives it back`);
    if (held === undefined) this.#leaving.abort();
    else if ("lock" in held) await held.lock.unlock();
    else await held.leadership.resign();
  }

  /** As a crash does: nothing is given back, and nothing renewed. Its lease goes on until its time is up. */
  kill(): void {
    this.#session?.lease.release();
    this.#link.cut();
    this.#held = undefined;
    this.#go("killed", `${this.#name} is killed: nobody renews its lease any more`);
    void this.#etcd.close();
    this.#leaving.abort();
  }

  /** etcd has deleted a key of its lease. */
  expired(key: Uint8Array, revision: bigint): void {
    if (this.#state.phase === "killed") {
      this.#state = { ...this.#state, fencing: undefined };
      this.#go("gone", `The lease of ${this.#name} has run out: etcd deletes its key, at revision ${revision}`);
    } else if (this.#held !== undefined && keyText(keyOf(this.#held)) === keyText(key)) {
      this.#lose(
        `${this.#name} has lost its key: somebody has deleted it, or revoked its lease, at revision ${revision}`,
      );
    }
  }

  async close(): Promise<void> {
    this.#leaving.abort();
    if (this.#state.phase === "killed" || this.#state.phase === "gone") return;
    const session = this.#session;
    this.#session = undefined;
    await session?.close();
    await this.#etcd.close();
  }

  async #openSession(): Promise<Session> {
    const session = this.#session ?? (await createSession(this.#etcd, { ttlSeconds: this.#contest.ttlSeconds }));
    if (this.#session === undefined) this.#follow(session);
    this.#session = session;
    this.#state = { ...this.#state, lease: session.lease.id };
    this.#tell(undefined);
    return session;
  }

  /** A session ends with its lease: what it held is somebody else's then, and another one is needed. */
  #follow(session: Session): void {
    const lost = (): void => {
      const isAlive = this.#state.phase !== "killed" && this.#state.phase !== "gone";
      if (this.#session === session && isAlive) this.#lose(`${this.#name} has lost its lease, and what it held by it`);
    };
    session.signal.addEventListener("abort", lost, { once: true });
  }

  #lose(text: string): void {
    const session = this.#session;
    this.#session = undefined;
    this.#held = undefined;
    this.#state = { ...this.#state, lease: undefined, fencing: undefined };
    this.#go("away", text);
    session?.close().catch(() => {}); // Its lease is gone, or runs out by itself.
  }

  async #take(session: Session, signal: AbortSignal): Promise<Held> {
    const { kind, name } = this.#contest;
    return kind === "lock"
      ? { lock: await session.lock(name, { signal }) }
      : { leadership: await session.election(name).campaign(this.#name, { signal }) };
  }

  #go(phase: Phase, text: string): void {
    const now = performance.now();
    const before = this.#state.spans.map((span) => (span.to === undefined ? { ...span, to: now } : span));
    this.#state = { ...this.#state, phase, spans: [...before, { phase, from: now, to: undefined }] };
    this.#tell(text);
  }
}

function keyOf(held: Held): Uint8Array {
  return "lock" in held ? held.lock.key : held.leadership.key;
}
