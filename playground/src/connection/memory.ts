import type { Transport } from "@connectrpc/connect";
import type { MemoryFaults } from "etcd-web/memory";

/** An etcd in this page. */
export interface PageEtcd {
  readonly name: string;
  readonly transport: Transport;
  /** Cuts its streams, refuses calls for a while, forgets tokens: to see that nothing is lost. */
  readonly faults: MemoryFaults;
  close(): Promise<void>;
}

/** Starts it. */
export async function openMemory(name: string): Promise<PageEtcd> {
  const { createMemoryEtcd } = await import("etcd-web/memory");
  const { transport, faults, close } = createMemoryEtcd();
  return { name, transport, faults, close };
}
