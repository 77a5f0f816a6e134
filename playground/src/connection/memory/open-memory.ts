import type { Interceptor, Transport } from "@connectrpc/connect";
import { EtcdError } from "etcd-web";
import type { MemoryFaults } from "etcd-web/memory";
import type { Request } from "../../port/messages.ts";
import { createPortTransport } from "../../port/port-transport.ts";
import { type SharedValue, sharedValue } from "../../ui/shared-value.ts";
import { connectPort } from "./connect-port.ts";
import type { Notice, Order } from "./control.ts";

/** An etcd in this page; all windows of the page share it. */
export interface PageEtcd {
  readonly name: string;
  readonly transport: Transport;
  /** Cuts its streams, refuses calls for a while, forgets tokens: to see that nothing is lost. */
  readonly faults: MemoryFaults;
  /** Why the browser does not keep what was changed last; undefined: it does. */
  readonly unkept: SharedValue<string | undefined>;
  /** Forgets everything. Every window connects anew. */
  reset(): void;
  close(): void;
}

/**
 * Connects to it; starts it where it is not there yet. Throws "failed-precondition" where its state cannot be read,
 * "unavailable" where its code cannot be loaded.
 */
export async function openMemory(
  name: string,
  interceptors: Interceptor[],
  onBegunAnew: () => void,
): Promise<PageEtcd> {
  const { port, broken } = await connectPort(name);
  const post = (message: Order | Request): void => port.postMessage(message);
  const leave = (): void => post({ kind: "bye" });
  const transport = createPortTransport(port, interceptors);
  const unkept = sharedValue<string | undefined>(undefined);
  await Promise.race([answered(port, { kind: "hello" }, "ready"), broken]);
  port.addEventListener("message", ({ data }: MessageEvent<Notice>) => {
    if (data.kind === "begun-anew") onBegunAnew();
    else if (data.kind === "not-kept") unkept.set(data.message);
    else if (data.kind === "kept") unkept.set(undefined);
  });
  addEventListener("pagehide", leave);
  return {
    name,
    transport,
    faults: {
      cutStreams: () => post({ kind: "fault", fault: "cutStreams" }),
      expireTokens: () => post({ kind: "fault", fault: "expireTokens" }),
      unavailable: (ms) => post({ kind: "fault", fault: "unavailable", ms }),
    },
    unkept,
    reset: () => post({ kind: "reset" }),
    close() {
      removeEventListener("pagehide", leave);
      leave();
      port.close();
    },
  };
}

/** Empties one, whether it can be opened or not. Throws as `openMemory` does. */
export async function resetMemory(name: string): Promise<void> {
  const { port, broken } = await connectPort(name);
  port.start();
  try {
    await Promise.race([answered(port, { kind: "reset" }, "begun-anew"), broken]);
  } finally {
    port.close();
  }
}

/** Until the order is carried out; it may have failed. */
function answered(port: MessagePort, order: Order, done: Notice["kind"]): Promise<void> {
  return new Promise((resolve, reject) => {
    port.addEventListener("message", function hear({ data }: MessageEvent<Notice>): void {
      if (data.kind === done) resolve();
      else if (data.kind === "failed") reject(new EtcdError("failed-precondition", data.message));
      else return;
      port.removeEventListener("message", hear);
    });
    port.postMessage(order);
  });
}
