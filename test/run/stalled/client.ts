import { readFileSync } from "node:fs";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { createGrpcWebTransport } from "@connectrpc/connect-node";
import { createEtcd, type EtcdOptions } from "../../../src/index.ts";
import type { Answers, Order } from "./orders.ts";
import { StalledWatch } from "./subject.ts";

/** As much as this package takes at once; a transport of one's own has to be told. */
const readMaxBytes = 4 * 1024 * 1024;

const [url = "", caCert = ""] = process.argv.slice(2);
process.on("disconnect", () => process.exit(1));

const watch = new StalledWatch(createEtcd(transportOrEndpoint()));
await watch.opened();
const before = await heap();
process.on("message", async (order: Order) => {
  if ("readUpTo" in order) await watch.readUpTo(BigInt(order.readUpTo));
  const cost = (await heap()) - before;
  process.send?.({ cost, ...watch.figures } satisfies Answers);
});
process.send?.("ready");

/** Over HTTP/1.1 as everybody does it, over HTTP/2 by the transport that Connect has for Node. */
function transportOrEndpoint(): EtcdOptions {
  if (caCert === "") return { endpoints: url };
  const nodeOptions = { ca: readFileSync(caCert) };
  return { transport: createGrpcWebTransport({ baseUrl: url, httpVersion: "2", nodeOptions, readMaxBytes }) };
}

async function heap(): Promise<number> {
  for (let i = 0; i < 4; i++) {
    globalThis.gc?.();
    await sleep(20);
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
