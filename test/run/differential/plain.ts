/** Fields in which two etcds may differ though both are right. Everything else must be equal. */
const mayDiffer: ReadonlySet<string> = new Set([
  "$typeName",
  "$unknown",
  "clusterId", // random
  "memberId",
  "raftTerm", // how often an election was held
  "token", // random
  "hash", // each hashes its own way of storing
]);

const revisions: ReadonlySet<string> = new Set([
  ...["revision", "modRevision", "createRevision", "compactRevision", "hashRevision", "authRevision"],
]);

/** What makes two answers comparable: where the program's revisions begin, and what the etcd's lease ids are called. */
export interface Names {
  readonly base: bigint;
  readonly authBase: bigint;
  leaseName(id: bigint): string;
}

/** An answer without what may differ: revisions counted from the program's first, leases by name, bytes as text. */
export function toPlain(value: unknown, names: Names, field = ""): unknown {
  if (typeof value === "bigint") return plainNumber(value, names, field);
  if (value instanceof Uint8Array) return Buffer.from(value).toString("latin1");
  if (Array.isArray(value)) return value.map((each) => toPlain(each, names, field));
  if (typeof value !== "object" || value === null) return value;
  const kept = Object.entries(value).filter(([key, each]) => !mayDiffer.has(key) && each !== undefined);
  // etcd names the keys of a lease in any order.
  if ("grantedTTL" in value && "keys" in value) (value.keys as Uint8Array[]).sort(Buffer.compare);
  // What is left of a lease's time depends on when one looks.
  const of = (key: string): string => (key === "TTL" && "grantedTTL" in value ? "remaining" : key);
  return Object.fromEntries(kept.map(([key, each]) => [key, toPlain(each, names, of(key))]));
}

function plainNumber(value: bigint, names: Names, field: string): unknown {
  const { base, authBase } = names;
  if (field === "ID" || field === "lease") return names.leaseName(value);
  if (field === "remaining") return value < 0n ? value : "some time";
  if (field === "authRevision") return `+${value - authBase}`;
  return revisions.has(field) && value > 0n ? `+${value - base}` : value;
}
