import { createClient } from "@connectrpc/connect";
import { createEtcd } from "../client/create-etcd.ts";
import type { Gateway } from "../gateway/index.ts";
import { Maintenance } from "../gen/etcdserverpb/maintenance_pb.ts";

/** How long an etcd may take to say which version it is. */
const patienceMs = 2_000;

/** What is behind a gateway; its version only where callers may know it. */
export type Behind = { readonly version: string | undefined } | { readonly silentBecause: string };

/** Asks whether etcd answers, and, through the gateway, which version it is: so this also shows that the gateway answers. */
export async function askBehind(gateway: Gateway): Promise<Behind> {
  const health = await gateway.health();
  if (!health.healthy) return { silentBecause: health.reason };
  const etcd = createEtcd({ endpoints: gateway.url });
  try {
    const { version } = await createClient(Maintenance, etcd.transport).status({}, { timeoutMs: patienceMs });
    return { version };
  } catch {
    return { version: undefined }; // refused, by the policy or by etcd; or not trusted, by this machine
  } finally {
    await etcd.close();
  }
}
