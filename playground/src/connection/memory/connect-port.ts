import { EtcdError } from "etcd-web";
import type { MemoryHost } from "./host.ts";
import MemoryWorker from "./memory-worker.ts?sharedworker";

/** The way to an etcd in this page. */
export interface Line {
  readonly port: MessagePort;
  /** Only ever rejects: what serves the port could not be loaded. */
  readonly broken: Promise<never>;
}

/** To the etcd of this name, in a worker that all windows share; it is started where it is not there yet. */
export async function connectPort(name: string): Promise<Line> {
  if (!("SharedWorker" in globalThis)) return { port: await connectInside(name), broken: new Promise(() => {}) };
  const worker = new MemoryWorker({ name });
  const broken = new Promise<never>((_, reject) => worker.addEventListener("error", () => reject(notLoaded())));
  broken.catch(() => {}); // Heard by whoever waits for an answer.
  return { port: worker.port, broken };
}

/** Each holds its name's lock until the window is closed. */
const hosts = new Map<string, MemoryHost>();

/** Without shared workers it runs in the window itself, and in one window only. */
async function connectInside(name: string): Promise<MessagePort> {
  const { MemoryHost } = await import("./host.ts").catch(() => {
    throw notLoaded();
  });
  const host = hosts.get(name) ?? new MemoryHost(name);
  hosts.set(name, host);
  const { port1, port2 } = new MessageChannel();
  host.serve(port2);
  return port1;
}

/** Most often its host has a newer page, with other files. */
function notLoaded(): EtcdError {
  return new EtcdError("unavailable", "The etcd of this page could not be loaded. Load this page again");
}
