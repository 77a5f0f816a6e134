import { once } from "node:events";
import { createEtcd } from "etcd-web";
import { createRegistry, createSession } from "etcd-web/recipes";

const endpoints = process.env.ENDPOINTS?.split(",") ?? "http://127.0.0.1:8080";
const address = process.argv[2] ?? `127.0.0.1:${process.pid}`;

await using etcd = createEtcd({ endpoints });
await using session = await createSession(etcd, { ttlSeconds: 5 });
const billing = createRegistry(etcd, "services/billing");

// The entry hangs on the session's lease: it goes with this program, however that ends.
await billing.add(address, { address }, { lease: session.lease });

async function follow(): Promise<void> {
  for await (const instances of billing.watch({ signal: session.signal })) {
    console.log(instances.size, "instances:", [...instances.keys()].sort().join(" "));
  }
}

await Promise.race([follow(), once(process, "SIGINT")]);
