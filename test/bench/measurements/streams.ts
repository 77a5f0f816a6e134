import { readFile } from "node:fs/promises";
import { makeCertificate } from "../../fixtures/certificate.ts";
import { startEnvoy } from "../../fixtures/envoy.ts";
import { startGatewayProcess } from "../../fixtures/gateway/gateway-process.ts";
import { temporaryFolder } from "../../fixtures/temporary-folder.ts";
import { Comparison } from "../comparison.ts";
import { startJob } from "../job.ts";
import { inRounds, type Measurement } from "../measurement.ts";
import { median, percentile } from "../samples.ts";

const streamsPerProxy = 5_000;
/** All of them come from one address. */
const unbounded = { callsPerClient: 100_000, callsPerSecond: 100_000, connectionsPerClient: 100_000 };

interface Subject extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  readonly caCert?: string;
}

const subjects: Record<Name, (etcd: string) => Promise<Subject>> = {
  "Envoy, HTTP/1.1": (etcd) => startEnvoy({ etcd: [etcd] }),
  "gateway, HTTP/1.1": (etcd) => startGatewayProcess({ etcd, policy: "open", limits: unbounded }),
  "Envoy, HTTP/2": (etcd) => startEnvoy({ etcd: [etcd], tls: true }),
  "gateway, HTTP/2": startGatewayWithTls,
};

async function startGatewayWithTls(etcd: string): Promise<Subject> {
  const folder = await temporaryFolder("gateway");
  const files = await makeCertificate(folder.path);
  const [cert, key] = await Promise.all([files.certificate, files.key].map((file) => readFile(file, "utf8")));
  const tls = { cert: cert ?? "", key: key ?? "" };
  const { url, pid, stop } = await startGatewayProcess({ etcd, policy: "open", limits: unbounded, tls });
  return {
    ...{ url, pid, caCert: files.certificate },
    async [Symbol.asyncDispose]() {
      await stop();
      await folder.remove();
    },
  };
}

type Name = "Envoy, HTTP/1.1" | "gateway, HTTP/1.1" | "Envoy, HTTP/2" | "gateway, HTTP/2";
const names = Object.keys(subjects) as Name[];

/** What a watch stream costs the proxy, and how late its events are beside thousands of others. */
export const streams: Measurement = {
  name: "streams",
  async measure(setting) {
    const etcd = new URL(setting.place.etcd).host;
    const comparison = new Comparison({
      title: "5,000 watch streams through one proxy",
      columns: { "KiB of memory, each": "less", "put to event: p50, ms": "less", "p99, ms": undefined },
      rows: names,
      base: "Envoy, HTTP/1.1",
      ours: (name) => name.startsWith("gateway"),
      note: "Resident memory of the proxy's process. Each stream watches a key of its own, HTTP/2 with TLS in connections of 100; ratios are to Envoy over HTTP/1.1, with one worker thread.",
    });
    await inRounds(setting, names, async (name) => {
      await using proxy = await subjects[name](etcd);
      const before = await residentBytes(proxy.pid);
      const { url, caCert } = proxy;
      const args = { url, caCert, etcd: setting.place.etcd, streams: streamsPerProxy, puts: 1_000 };
      const job = startJob<number[]>("streams", args);
      await Promise.race([job.ready, job.result]);
      const bytes = ((await residentBytes(proxy.pid)) - before) / streamsPerProxy;
      const delays = await job.result;
      comparison.add(name, {
        "KiB of memory, each": bytes / 1024,
        "put to event: p50, ms": median(delays),
        "p99, ms": percentile(delays, 99),
      });
    });
    return comparison.table;
  },
};

async function residentBytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1024;
}
