import type { Alarm, Member } from "etcd-web/admin";
import type { Endpoint } from "./read-cluster.ts";

/** What the panel does, in TypeScript, for a client of these endpoints. */
export function clusterCode(endpoints: readonly Endpoint[]) {
  /** Which of them is meant, where there are several. */
  const only = (endpoint: string | undefined): string =>
    endpoint === undefined || endpoints.length < 2 ? "" : `endpoint: ${JSON.stringify(endpoint)}`;
  const options = (...parts: readonly string[]): string => {
    const given = parts.filter((part) => part !== "");
    return given.length === 0 ? "" : `{ ${given.join(", ")} }`;
  };
  return {
    add: (peerUrls: readonly string[], asLearner: boolean): string =>
      cluster(
        "const { member } = ",
        `${asLearner ? "addLearner" : "addMember"}(${JSON.stringify(peerUrls)})`,
        "member",
      ),
    update: ({ id }: Member, peerUrls: readonly string[]): string =>
      cluster("const members = ", `updateMember(${id}n, ${JSON.stringify(peerUrls)})`, "members"),
    promote: ({ id }: Member): string => cluster("const members = ", `promoteMember(${id}n)`, "members"),
    remove: ({ id }: Member): string => cluster("const members = ", `removeMember(${id}n)`, "members"),
    lead: ({ id }: Member, endpoint: string | undefined): string =>
      maintenance("", `moveLeader(${[`${id}n`, options(only(endpoint))].filter((part) => part !== "").join(", ")})`),
    disarm: ({ memberId, type }: Alarm): string =>
      maintenance("const disarmed = ", `disarm({ memberId: ${memberId}n, type: "${type}" })`, "disarmed"),
    defragment: ({ endpoint }: Endpoint): string =>
      maintenance("", `defragment(${options(only(endpoint), "timeoutMs: 600_000")})`),
    compact: (revision: bigint, physical: boolean): string =>
      `await etcd.compact(${revision}n${physical ? ", { physical: true, timeoutMs: 600_000 }" : ""});\n`,
    snapshot: (endpoint: string | undefined): string => `import { createMaintenance } from "etcd-web/admin";

// A stream of bytes, which fails where it is not whole.
const snapshot = createMaintenance(etcd).snapshot(${options(only(endpoint))});
const blob = await new Response(snapshot).blob();
console.log(blob.size, "bytes");
`,
    hashes: (): string => `import { createMaintenance } from "etcd-web/admin";

const maintenance = createMaintenance(etcd);
const endpoints = [${endpoints.length > 1 ? endpoints.map(({ endpoint }) => JSON.stringify(endpoint)).join(", ") : "undefined"}];
const statuses = await Promise.all(endpoints.map((endpoint) => maintenance.status({ endpoint })));
// What everybody has: the revision of whoever is furthest behind.
const revision = statuses.map(({ header }) => header.revision).reduce((a, b) => (a < b ? a : b));
for (const endpoint of endpoints) {
  const { hash, compactRevision } = await maintenance.hashKv({ endpoint, revision });
  console.log(endpoint, hash.toString(16), compactRevision);
}
`,
  } as const;
}

function cluster(result: string, call: string, shown: string): string {
  return `import { createCluster } from "etcd-web/admin";\n\n${result}await createCluster(etcd).${call};\nconsole.log(${shown});\n`;
}

function maintenance(result: string, call: string, shown?: string): string {
  const last = shown === undefined ? "" : `console.log(${shown});\n`;
  return `import { createMaintenance } from "etcd-web/admin";\n\n${result}await createMaintenance(etcd).${call};\n${last}`;
}
