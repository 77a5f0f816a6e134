import type { Contest } from "./contender.ts";

/** What each of the clients does, in TypeScript. */
export function contestCode({ kind, name, ttlSeconds }: Contest): string {
  const head = `import { createSession } from "etcd-web/recipes";

await using session = await createSession(etcd, { ttlSeconds: ${ttlSeconds} });
`;
  const quoted = JSON.stringify(name);
  return kind === "lock"
    ? `${head}await using lock = await session.lock(${quoted});
console.log("it is ours, number", lock.fencing);`
    : `${head}await using leadership = await session.election(${quoted}).campaign("Ann");
console.log("we lead, number", leadership.fencing);`;
}
