import { expect } from "chai";
import { createEtcd } from "../../../src/index.ts";
import { until } from "../../contract/expectations.ts";
import { startEnvoy } from "../../fixtures/envoy.ts";
import { startEtcd } from "../../fixtures/etcd.ts";
import type { EtcdVersion } from "../../fixtures/versions.ts";
import { type BacklogSize, writeBacklog } from "./backlog.ts";
import { StalledClient } from "./stalled-client.ts";
import { neighbours } from "./subject.ts";

/** What a client may take for a reader that does not read. */
const mostBytes = 8 * 1024 * 1024;
/** Far above what a busy machine takes to deliver an event, far below what the backlog takes. */
const latestMs = 3_000;

/** A watch that is not read costs little, delays nobody, and is then read whole; says in figures how little. */
export async function expectStalledReader(
  version: EtcdVersion,
  protocol: "HTTP/1.1" | "HTTP/2",
  size: BacklogSize,
): Promise<string> {
  await using etcd = await startEtcd(version);
  await using envoy = await startEnvoy({ etcd: [etcd.address], tls: protocol === "HTTP/2" });
  await using straight = await startEnvoy({ etcd: [etcd.address] });
  await using writer = createEtcd({ endpoints: straight.url });
  await using client = await StalledClient.start(envoy);

  const backlog = await writeBacklog(writer, size);
  let parked = await client.measure();
  await until("the neighbours have heard what they were told", async () => {
    parked = await client.measure();
    return parked.heard === backlog.told * neighbours;
  });
  expect(parked.latestMs, "how late the neighbours heard").to.be.lessThan(latestMs);
  expect(parked.cost, "bytes for a backlog that was watched").to.be.lessThan(mostBytes);

  // Half-way the history is old: it comes in answers of a thousand revisions, with nobody to read them.
  let half = await client.readUpTo(backlog.half);
  // The answer that was on its way when the reader stopped is held by whoever sends it on, for a moment.
  await until("a backlog that is caught up on costs little", async () => {
    half = await client.measure();
    return half.cost < mostBytes;
  });

  const { events, digest } = await client.readUpTo(backlog.last);
  expect({ events, digest }).to.deep.equal({ events: backlog.events, digest: backlog.digest });
  const costs = [parked, half].map(({ cost }) => `${(cost / 1024 / 1024).toFixed(1)} MiB`);
  return `etcd ${version}, ${protocol}: ${costs.join(" and ")} for ${size.bytes} bytes; neighbours ${parked.latestMs} ms late at most`;
}
