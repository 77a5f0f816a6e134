import type { DescMethod } from "@bufbuild/protobuf";
import { Code } from "@connectrpc/connect";
import { statusIn } from "./answer-status.ts";
import { Counter, Gauge, Histogram, Registry } from "./bundled.ts";

/**
 * Why something was refused before it reached etcd.
 *
 * - `host`, `origin`: by the door
 * - `request`: it is no call of gRPC-Web, holds a header twice, or did not wait for the answer before it
 * - `policy`, `limit`: as its error says
 * - `connection`: it was one too many, or could not be taken
 */
export type RefusalReason = "host" | "origin" | "request" | "policy" | "limit" | "connection";

/** One call, as it is counted. */
export interface CallMeter {
  received(bytes: number): void;
  /** One whole frame; the last one holds the status. */
  sent(frame: Uint8Array): void;
  /** Without a status, the caller was gone. */
  ended(): void;
}

/** What the gateway counts. */
export interface Metrics {
  /** In Prometheus' text format. */
  text(): Promise<string>;
  readonly contentType: string;
  refused(reason: RefusalReason): void;
  begun(method: DescMethod): CallMeter;
}

/** What is not counted, but looked up when somebody asks. */
export interface Gauged {
  readonly connections: () => number;
  readonly upstreamUp: () => Promise<boolean>;
}

/** Counters of one gateway, beside none of another. */
export function createMetrics({ connections, upstreamUp }: Gauged): Metrics {
  const registry = new Registry();
  const metric = <const L extends readonly string[]>(name: string, help: string, labelNames: L) => ({
    name: `etcd_web_gateway_${name}`,
    help,
    labelNames,
    registers: [registry],
  });
  const calls = new Counter(metric("calls_total", "Calls that have ended.", ["service", "method", "code"]));
  const open = new Gauge(metric("open_calls", "Calls that are open, streams included.", ["service", "method"]));
  const duration = new Histogram({
    ...metric("call_duration_seconds", "How long calls with one answer took.", ["service", "method"]),
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60],
  });
  const received = new Counter(metric("received_bytes_total", "Bytes in the bodies of calls.", []));
  const sent = new Counter(metric("sent_bytes_total", "Bytes in the bodies of answers to calls.", []));
  const refusals = new Counter(metric("refusals_total", "What was refused before it reached etcd.", ["reason"]));
  new Gauge({ ...metric("connections", "Open connections.", []), collect: gauge(async () => connections()) });
  const up = "Whether etcd behind the gateway answers: 1 or 0.";
  new Gauge({ ...metric("upstream_up", up, []), collect: gauge(async () => Number(await upstreamUp())) });

  function begun({ name: method, parent: { typeName: service }, methodKind }: DescMethod): CallMeter {
    const end = methodKind === "unary" ? duration.startTimer({ service, method }) : () => {};
    open.inc({ service, method });
    let status: number = Code.Canceled;
    return {
      received: (bytes) => received.inc(bytes),
      sent(frame) {
        sent.inc(frame.byteLength);
        status = statusIn(frame) ?? status;
      },
      ended() {
        end();
        open.dec({ service, method });
        calls.inc({ service, method, code: status === 0 ? "OK" : (Code[status] ?? "Unknown") });
      },
    };
  }

  return {
    text: () => registry.metrics(),
    contentType: registry.contentType,
    refused: (reason) => refusals.inc({ reason }),
    begun,
  };
}

function gauge(read: () => Promise<number>) {
  return async function (this: Gauge): Promise<void> {
    this.set(await read());
  };
}
