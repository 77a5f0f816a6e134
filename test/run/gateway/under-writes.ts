import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "chai";
import { createGateway } from "../../../src/gateway/index.ts";
import { createEtcd, type Etcd } from "../../../src/index.ts";
import { until } from "../../contract/expectations.ts";
import { startEtcd } from "../../fixtures/etcd.ts";
import { startGrpcProxy } from "../../fixtures/grpc-proxy.ts";
import type { EtcdVersion } from "../../fixtures/versions.ts";

/** How long, and how hard. */
export interface Load {
  readonly version: EtcdVersion;
  readonly lastsMs: number;
  /** Between two new pages; each watches the same from somewhere in the past. */
  readonly pageEachMs: number;
}

/** A lease that would not live long by itself. */
const ttlSeconds = 5;

/**
 * Writes all the time, past every proxy, while more and more pages watch through the gateway and grpc-proxy, and one
 * keeps a lease alive. Nothing may be lost; says in figures how much was not.
 */
export async function expectAllThroughGrpcProxy({ version, lastsMs, pageEachMs }: Load): Promise<string> {
  await using stack = new AsyncDisposableStack();
  const etcd = stack.use(await startEtcd(version));
  const proxy = stack.use(await startGrpcProxy(etcd));
  const straight = stack.use(await createGateway({ etcd: etcd.address, policy: "open", port: 0 }));
  const gateway = stack.use(await createGateway({ etcd: proxy.address, policy: "open", port: 0 }));
  const writer = stack.use(createEtcd({ endpoints: straight.url }));
  const page = (): Etcd => stack.use(createEtcd({ endpoints: gateway.url }));

  const lease = stack.use(await page().lease({ ttlSeconds }));
  await writer.put("leased", "still here", { lease });
  const end = performance.now() + lastsMs;
  const revisions: bigint[] = [];
  const writing = Promise.all([1, 2, 3].map((id) => write(writer, `busy/${id}`, end, revisions)));
  const readers: Reader[] = [];
  while (performance.now() < end) {
    const start = revisions[Math.floor(Math.random() * revisions.length)] ?? 1n;
    readers.push(new Reader(page(), start));
    await sleep(Math.min(pageEachMs, end - performance.now()));
  }
  await writing;
  revisions.sort((a, b) => Number(a - b));
  for (const [index, reader] of readers.entries()) {
    await until(`page ${index} has heard the last`, () => reader.revisions.at(-1) === revisions.at(-1), 60_000);
    expect(reader.failure).to.equal(undefined);
    expect(reader.revisions).to.deep.equal(revisions.filter((revision) => revision >= reader.start));
  }
  expect(lease.signal.aborted, "the lease was lost").to.equal(false);
  expect((await writer.get("leased"))?.text()).to.equal("still here");
  const heard = readers.reduce((sum, reader) => sum + reader.revisions.length, 0);
  return `etcd ${version}: ${readers.length} pages heard ${heard} events of ${revisions.length} revisions in ${lastsMs / 1_000} s, each once; the lease of ${ttlSeconds} s lives`;
}

async function write(etcd: Etcd, key: string, end: number, revisions: bigint[]): Promise<void> {
  while (performance.now() < end) {
    revisions.push((await etcd.put(key, "v")).revision);
    await sleep(5);
  }
}

/** A page, and what it has heard. */
class Reader {
  readonly start: bigint;
  readonly revisions: bigint[] = [];
  failure: unknown;

  constructor(etcd: Etcd, start: bigint) {
    this.start = start;
    void this.#read(etcd).catch((error: unknown) => {
      this.failure = error;
    });
  }

  async #read(etcd: Etcd): Promise<void> {
    for await (const { revision } of etcd.watch({ prefix: "busy/" }, { startRevision: this.start }).batches()) {
      this.revisions.push(revision);
    }
  }
}
