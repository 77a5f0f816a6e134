import { Comparison } from "../comparison.ts";
import { type ContenderName, goClient } from "../contenders/contenders.ts";
import { runJobAlone } from "../job.ts";
import { inRounds, type Measurement } from "../measurement.ts";
import { median, percentile } from "../samples.ts";

const contenders: readonly ContenderName[] = [
  "etcd-web",
  "Connect stub",
  "by hand",
  "JSON gateway",
  "JSON gateway, Envoy",
  "etcd3",
  "etcd3, Envoy",
  goClient,
];

/** From a put to its event. */
export const latency: Measurement = {
  name: "latency",
  async measure(setting) {
    const { place } = setting;
    const comparison = new Comparison({
      title: "From a put of 100 bytes to its event",
      columns: { "p50, ms": "less", "p99, ms": undefined },
      rows: contenders,
      note: "The put is the same for all, through Envoy, and takes about as long as its event; but Go's client puts by itself. The JSON gateway, etcd3 and Go's client hear of the event from etcd itself, which is why they may be ahead; two of them are measured behind the same Envoy too, where the JSON gateway's way is HTTP/1.1 throughout: that of gRPC-Web is a little longer, whoever reads it.",
    });
    await inRounds(setting, contenders, async (contender) => {
      const args = { place, contender, envoy: place.envoy, key: `latency/${contender}`, puts: 500 };
      const taken = await runJobAlone<number[]>("latency", args);
      comparison.add(contender, { "p50, ms": median(taken), "p99, ms": percentile(taken, 99) });
    });
    return comparison.table;
  },
};
