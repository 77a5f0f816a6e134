import { createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { toKey } from "../../../src/base/range.ts";
import { KV } from "../../../src/proto.ts";
import { Comparison } from "../comparison.ts";
import { type ContenderName, goClient } from "../contenders/contenders.ts";
import { startJob } from "../job.ts";
import { inRounds, type Measurement } from "../measurement.ts";
import { startRelay } from "../relay.ts";

const watches = 1_000;
const contenders: readonly ContenderName[] = [
  "etcd-web",
  "Connect stub, reopened",
  "JSON gateway, reopened",
  "etcd3",
  goClient,
];

/** What a lost connection costs. */
export const reconnect: Measurement = {
  name: "reconnect",
  async measure(setting) {
    const { place } = setting;
    const comparison = new Comparison({
      title: "Every connection of 1,000 watches is reset, and each key is written in the same moment",
      columns: { "all live again, ms": "less", "KiB sent for it": "less", "creates sent": "less" },
      base: "Connect stub, reopened",
      rows: contenders,
      note: "Until each watch has its event. A server can be reached again at once; the loops around the stub and the JSON gateway try at once too, without a wait, which no crowd of pages may do. The other two count no creates.",
    });
    await inRounds(setting, contenders, async (contender) => {
      await using envoy = await startRelay(place.envoy);
      await using etcd = await startRelay(place.etcd);
      const sent = (): number => envoy.bytesUp + etcd.bytesUp;
      const args = { place: { ...place, envoy: envoy.url, etcd: etcd.url }, contender, watches };
      const job = startJob<number | undefined>("reconnect", args);
      await Promise.race([job.ready, job.result]);
      const before = sent();
      const begun = performance.now();
      for (const relay of [envoy, etcd]) relay.cut();
      const written = writeAll(place.etcd);
      const creates = await job.result;
      const ms = performance.now() - begun;
      await written;
      const counted = contender === "etcd3" || contender === goClient ? undefined : creates;
      comparison.add(contender, {
        "all live again, ms": ms,
        "KiB sent for it": (sent() - before) / 1024,
        "creates sent": counted,
      });
    });
    return comparison.table;
  },
};

/** Past the relays. A transaction takes 128 puts. */
async function writeAll(etcd: string): Promise<void> {
  const kv = createClient(KV, createGrpcTransport({ baseUrl: etcd }));
  for (let from = 0; from < watches; from += 100) {
    const success = Array.from({ length: 100 }, (_, i) => ({
      request: { case: "requestPut" as const, value: { key: toKey(`reconnect/${from + i}`) } },
    }));
    await kv.txn({ success });
  }
}
