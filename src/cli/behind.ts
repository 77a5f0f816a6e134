import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createEtcd } from "../client/create-etcd.ts";
import type { Gateway } from "../gateway/index.ts";
import { Maintenance } from "../gen/etcdserverpb/maintenance_pb.ts";

/** How long an etcd may take to say what it is, before we say that it does not. */
const patienceMs = 2_000;

/** What is behind a gateway, asked through it: so this also shows that the gateway answers. */
export type Behind = { readonly version: string } | { readonly silentBecause: string };

/** Asks etcd which version it is. */
export async function askBehind(gateway: Gateway): Promise<Behind> {
  const etcd = createEtcd({ endpoints: gateway.url });
  try {
    const { version } = await createClient(Maintenance, etcd.transport).status({}, { timeoutMs: patienceMs });
    return { version };
  } catch (error) {
    const { code, rawMessage } = ConnectError.from(error);
    // Not every policy tells the version, nor is every certificate good for this machine's own name.
    if ((await gateway.health()).healthy) return { version: "etcd" };
    if (code !== Code.DeadlineExceeded) return { silentBecause: rawMessage };
    return { silentBecause: `no answer within ${patienceMs / 1000} seconds` };
  } finally {
    await etcd.close();
  }
}
