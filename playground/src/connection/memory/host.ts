import { createMemoryEtcd, type MemoryEtcd } from "etcd-web/memory";
import { KV } from "etcd-web/proto";
import { etcdServices } from "../../port/etcd-services.ts";
import type { Request } from "../../port/messages.ts";
import { servePort } from "../../port/serve-port.ts";
import { wordsOf } from "../../text/words-of.ts";
import { isReading } from "../reading.ts";
import type { Notice, Order } from "./control.ts";
import { Saver } from "./saver.ts";
import { deleteState, loadState, saveState } from "./state-store.ts";

/** Leases run out without a call. */
const lookMs = 5_000;

/** An etcd for every page of this origin that asks for its name; kept in the browser between visits. */
export class MemoryHost {
  readonly #name: string;
  readonly #ports = new Set<MessagePort>();
  readonly #own = once(() => onlyOne(this.#name));
  readonly #begin = once(async () => {
    await this.#own();
    this.#etcd = createMemoryEtcd({ state: await loadState(this.#name) });
  });
  #etcd: MemoryEtcd | undefined;
  readonly #saver = new Saver({
    take: () => this.#open().save(),
    keep: (state) => saveState(this.#name, state),
    told: (reason) => this.#tellKept(reason),
  });
  #seenRevision = 0n;
  /** The last word about saving, for pages that come later. */
  #kept: Notice = { kind: "kept" };

  constructor(name: string) {
    this.#name = name;
    this.#begin().catch(() => {}); // Each page that asks hears of it.
    setInterval(() => void this.#look(), lookMs);
  }

  /** Answers a page. */
  serve(port: MessagePort): void {
    this.#ports.add(port);
    port.addEventListener("message", ({ data }: MessageEvent<Order | Request>) => {
      if (data.kind === "hello") void this.#greet(port);
      else if (data.kind === "reset") void this.#reset(port);
      else if (data.kind === "bye") void this.#saver.saveNow();
      else if (data.kind === "fault") this.#fail(data);
    });
    servePort(port, {
      services: etcdServices,
      transport: () => this.#open().transport,
      onAnswered: (method) => {
        if (!isReading(method)) this.#saver.changed();
      },
    });
  }

  async #greet(port: MessagePort): Promise<void> {
    try {
      await this.#begin();
      tell(port, { kind: "ready" });
      if (this.#kept.kind === "not-kept") tell(port, this.#kept);
    } catch (error) {
      tell(port, { kind: "failed", message: wordsOf(error) });
    }
  }

  async #reset(port: MessagePort): Promise<void> {
    try {
      await this.#own();
    } catch (error) {
      return tell(port, { kind: "failed", message: wordsOf(error) });
    }
    await this.#begin().catch(() => {}); // What could not be read is what a reset is for.
    await this.#saver.forget();
    await this.#etcd?.close();
    this.#etcd = createMemoryEtcd();
    await deleteState(this.#name).catch(() => this.#saver.changed()); // Overwritten, then.
    for (const port of this.#ports) tell(port, { kind: "begun-anew" });
  }

  #fail(order: Extract<Order, { readonly kind: "fault" }>): void {
    const { faults } = this.#open();
    if (order.fault === "unavailable") faults.unavailable(order.ms);
    else faults[order.fault]();
  }

  #tellKept(reason: unknown): void {
    this.#kept = reason === undefined ? { kind: "kept" } : { kind: "not-kept", message: wordsOf(reason) };
    for (const port of this.#ports) tell(port, this.#kept);
  }

  async #look(): Promise<void> {
    if (this.#etcd === undefined) return;
    const all = { key: Uint8Array.of(0), rangeEnd: Uint8Array.of(0), countOnly: true };
    const revision = await this.#etcd.transport.unary(KV.method.range, undefined, undefined, undefined, all).then(
      ({ message }) => message.header?.revision ?? 0n,
      () => this.#seenRevision, // Users are asked for, or it is to be unavailable: the next write saves.
    );
    if (revision !== this.#seenRevision) this.#saver.changed();
    this.#seenRevision = revision;
  }

  #open(): MemoryEtcd {
    if (this.#etcd === undefined) throw new Error(`The etcd "${this.#name}" is not there yet`);
    return this.#etcd;
  }
}

/** Runs at the first call, for all; what has failed is tried again at the next. */
function once(run: () => Promise<void>): () => Promise<void> {
  let running: Promise<void> | undefined;
  return () => {
    running ??= run().catch((error: unknown) => {
      running = undefined;
      throw error;
    });
    return running;
  };
}

function tell(port: MessagePort, notice: Notice): void {
  port.postMessage(notice);
}

/** How long the one before, of a page that is just being left, may take. */
const handOverMs = 3_000;

/** Two would overwrite each other's state: a second one, of another version of this page, is not begun. */
async function onlyOne(name: string): Promise<void> {
  if (navigator.locks === undefined) return;
  const lock = `etcd-web-playground memory ${name}`;
  await new Promise<void>((resolve, reject) => {
    const held = async (): Promise<never> => {
      resolve();
      return new Promise(() => {});
    };
    navigator.locks.request(lock, { signal: AbortSignal.timeout(handOverMs) }, held).catch(() => {
      reject(
        new Error(`The etcd "${name}" runs in another window, with another version of this page. Close that one.`),
      );
    });
  });
}
