import { createMemoryEtcd, type MemoryEtcd } from "etcd-web/memory";
import { KV } from "etcd-web/proto";
import { etcdServices } from "../../port/etcd-services.ts";
import type { Request } from "../../port/messages.ts";
import { servePort } from "../../port/serve-port.ts";
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
  readonly #begun: Promise<void>;
  #etcd: MemoryEtcd | undefined;
  readonly #saver = new Saver({
    take: () => this.#open().save(),
    keep: (state) => saveState(this.#name, state),
  });
  #savedRevision = 0n;

  constructor(name: string) {
    this.#name = name;
    this.#begun = this.#begin();
    this.#begun.catch(() => {}); // Each page that asks hears of it.
    setInterval(() => void this.#look(), lookMs);
  }

  /** Answers a page. */
  serve(port: MessagePort): void {
    this.#ports.add(port);
    port.addEventListener("message", ({ data }: MessageEvent<Order | Request>) => {
      if (data.kind === "hello") void this.#greet(port);
      else if (data.kind === "reset") void this.#reset();
      else if (data.kind === "bye") void this.#saver.saveNow();
      else if (data.kind === "fault") this.#fail(data);
    });
    servePort(port, {
      services: etcdServices,
      transport: () => this.#open().transport,
      onAnswered: (method) => {
        if (!isReading(method)) void this.#saver.changed();
      },
    });
  }

  async #begin(): Promise<void> {
    await onlyOne(this.#name);
    const state = await loadState(this.#name);
    this.#etcd = createMemoryEtcd({ state });
  }

  async #greet(port: MessagePort): Promise<void> {
    try {
      await this.#begun;
      tell(port, { kind: "ready" });
    } catch (error) {
      tell(port, { kind: "failed", message: error instanceof Error ? error.message : String(error) });
    }
  }

  async #reset(): Promise<void> {
    await this.#begun.catch(() => {}); // What could not be read is what a reset is for.
    await this.#saver.rest();
    await this.#etcd?.close();
    await deleteState(this.#name);
    this.#etcd = createMemoryEtcd();
    for (const port of this.#ports) tell(port, { kind: "begun-anew" });
  }

  #fail(order: Extract<Order, { readonly kind: "fault" }>): void {
    const { faults } = this.#open();
    if (order.fault === "unavailable") faults.unavailable(order.ms);
    else faults[order.fault]();
  }

  async #look(): Promise<void> {
    if (this.#etcd === undefined) return;
    const all = { key: Uint8Array.of(0), rangeEnd: Uint8Array.of(0), countOnly: true };
    const revision = await this.#etcd.transport.unary(KV.method.range, undefined, undefined, undefined, all).then(
      ({ message }) => message.header?.revision ?? 0n,
      () => this.#savedRevision, // Users are asked for, or it is to be unavailable: the next write saves.
    );
    if (revision !== this.#savedRevision) await this.#saver.changed();
    this.#savedRevision = revision;
  }

  #open(): MemoryEtcd {
    if (this.#etcd === undefined) throw new Error(`The etcd "${this.#name}" is not there yet`);
    return this.#etcd;
  }
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
