/** A service of etcd's, by the name of its stub. */
type Service = "Auth" | "Cluster" | "KV" | "Lease" | "Maintenance" | "Watch";

/** What an app does with the package, and what it may cost. */
export interface Scenario {
  readonly name: string;
  readonly code: string;
  /** What it calls: an app without the package has these stubs too. */
  readonly services: readonly Service[];
  /** KiB over these stubs, minified and gzipped. */
  readonly budget: number;
}

const etcd = `import { createEtcd } from "etcd-web";
const etcd = createEtcd({ endpoints: "/" });`;

/** The smallest app first. */
export const scenarios: readonly Scenario[] = [
  {
    name: "get",
    code: `${etcd} console.log(await etcd.get("a"));`,
    services: ["KV"],
    budget: 27,
  },
  {
    name: "watch",
    code: `${etcd} for await (const event of etcd.watch("a")) console.log(event);`,
    services: ["Watch"],
    budget: 28,
  },
  {
    name: "get and watch",
    code: `${etcd} console.log(await etcd.get("a")); for await (const event of etcd.watch("a")) console.log(event);`,
    services: ["KV", "Watch"],
    budget: 27,
  },
  {
    name: "lock",
    code: `${etcd} import { createSession } from "etcd-web/recipes";
      const session = await createSession(etcd);
      const lock = await session.lock("a");
      await lock.release();`,
    services: ["KV", "Watch", "Lease"],
    budget: 29,
  },
  {
    name: "live view",
    code: `${etcd} import { createView } from "etcd-web/live";
      createView(etcd, { prefix: "a/" }).subscribe(() => {});`,
    services: ["KV", "Watch"],
    budget: 34.5,
  },
  {
    name: "watches shared among tabs",
    code: `${etcd} import { shareTabs } from "etcd-web/live";
      for await (const event of shareTabs(etcd, { name: "a" }).watch("a")) console.log(event);`,
    services: ["KV", "Watch"],
    budget: 31,
  },
  {
    name: "React hooks",
    code: `${etcd} import { EtcdProvider, useEtcdValue, useView } from "etcd-web/react";
      console.log(EtcdProvider, useEtcdValue, useView, etcd);`,
    services: ["KV", "Watch"],
    budget: 35.5,
  },
  {
    name: "admin",
    code: `${etcd} import { createAuth, createCluster, createMaintenance } from "etcd-web/admin";
      console.log(createAuth(etcd), createCluster(etcd), createMaintenance(etcd));`,
    services: ["Auth", "Cluster", "Maintenance"],
    budget: 33,
  },
  {
    name: "doctor",
    code: `import { diagnose } from "etcd-web/doctor"; console.log(await diagnose("/"));`,
    services: ["Auth", "KV", "Maintenance", "Watch"],
    budget: 4.5,
  },
];

/** An app that makes the same calls by the stubs alone. */
export function stubsOf({ services }: Scenario): string {
  const calls = services.map((service) => `createClient(${service}, transport)`);
  return `
    import { createClient } from "@connectrpc/connect";
    import { createGrpcWebTransport } from "@connectrpc/connect-web";
    import { ${services.join(", ")} } from "etcd-web/proto";
    const transport = createGrpcWebTransport({ baseUrl: "/" });
    console.log(${calls.join(", ")});`;
}
