import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { createGrpcWebTransport } from "@connectrpc/connect-node";
import { createEtcd, type Etcd, type EtcdOptions, type WatchBatch } from "../../../src/index.ts";
import { type Answers, neighbours, type Order } from "./orders.ts";

const [url = "", caCert = ""] = process.argv.slice(2);
process.on("disconnect", () => process.exit(1));

/** Over HTTP/1.1 as everybody does it, over HTTP/2 by the transport that Connect has for Node. */
function transportOrEndpoint(): EtcdOptions {
  if (caCert === "") return { endpoints: url };
  const nodeOptions = { ca: readFileSync(caCert) };
  return { transport: createGrpcWebTransport({ baseUrl: url, httpVersion: "2", nodeOptions }) };
}

async function main(etcd: Etcd): Promise<void> {
  const listener = new Neighbours(etcd);
  const stalled = etcd.watch({ prefix: "busy/" });
  await stalled.opened;
  const reader = new Reader(stalled.batches()[Symbol.asyncIterator]());
  const before = await heap();
  process.on("message", async (order: Order) => {
    if ("readUpTo" in order) await reader.readUpTo(BigInt(order.readUpTo));
    const cost = (await heap()) - before;
    process.send?.({ cost, ...listener.figures, ...reader.figures } satisfies Answers);
  });
  process.send?.("ready");
}

/** Their events carry the time they were written at. */
class Neighbours {
  #heard = 0;
  #latestMs = 0;

  constructor(etcd: Etcd) {
    for (let i = 0; i < neighbours; i++) void this.#listen(etcd, `neighbour/${i}`);
  }

  get figures(): Pick<Answers, "heard" | "latestMs"> {
    return { heard: this.#heard, latestMs: this.#latestMs };
  }

  async #listen(etcd: Etcd, key: string): Promise<void> {
    for await (const event of etcd.watch(key)) {
      if (event.type !== "put") continue;
      this.#heard++;
      this.#latestMs = Math.max(this.#latestMs, Date.now() - Number(event.kv.text()));
    }
  }
}

class Reader {
  readonly #batches: AsyncIterator<WatchBatch, undefined>;
  readonly #digest = createHash("sha1");
  #events = 0;

  constructor(batches: AsyncIterator<WatchBatch, undefined>) {
    this.#batches = batches;
  }

  get figures(): Pick<Answers, "events" | "digest"> {
    return { events: this.#events, digest: this.#digest.copy().digest("hex") };
  }

  async readUpTo(last: bigint): Promise<void> {
    for (let reached = 0n; reached < last; ) {
      const { value: batch } = await this.#batches.next();
      if (batch === undefined) throw new Error("The watch has ended.");
      reached = batch.revision;
      for (const { kv } of batch.events) {
        this.#events++;
        this.#digest.update(`${reached} ${"value" in kv ? kv.text().slice(0, 20) : ""}\n`);
      }
    }
  }
}

async function heap(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    globalThis.gc?.();
    await sleep(20);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

await main(createEtcd(transportOrEndpoint()));
