import type { KvHash } from "etcd-web/admin";
import type { Failure } from "../../text/failure.ts";

/** The hash of the member behind an endpoint, or why there is none. */
export interface EndpointHash {
  readonly title: string;
  readonly hash?: KvHash;
  readonly failure?: Failure;
}

/** All of them, and what they say together. */
export interface Comparison {
  readonly hashes: readonly EndpointHash[];
  readonly verdict: "equal" | "different" | "incomparable" | "single" | "incomplete";
}

/** Hashes were made over the history since a compaction: only those since the same one say something. */
export function compareHashes(hashes: readonly EndpointHash[]): Comparison {
  const known = hashes.flatMap(({ hash }) => hash ?? []);
  const compactions = new Set(known.map(({ compactRevision }) => compactRevision));
  const values = new Set(known.map(({ hash }) => hash));
  if (known.length < hashes.length) return { hashes, verdict: "incomplete" };
  if (known.length === 1) return { hashes, verdict: "single" };
  if (compactions.size > 1) return { hashes, verdict: "incomparable" };
  return { hashes, verdict: values.size > 1 ? "different" : "equal" };
}
