import type { ResponseHeader as HeaderMessage } from "../gen/etcdserverpb/header_pb.ts";
import { toResult } from "./json.ts";

/** Who answered, and at which revision of the store. */
export interface ResponseHeader {
  /** The cluster's id. */
  readonly clusterId: bigint;
  /** The member that answered. */
  readonly memberId: bigint;
  /** Revision of the store when it answered, also where an older one was read. */
  readonly revision: bigint;
  /** Term of the member's leader; it grows with every election. */
  readonly raftTerm: bigint;
}

/** A decoded header; zeros where the answer carries none. */
export function toHeader(message: HeaderMessage | undefined): ResponseHeader {
  return toResult({
    clusterId: message?.clusterId ?? 0n,
    memberId: message?.memberId ?? 0n,
    revision: message?.revision ?? 0n,
    raftTerm: message?.raftTerm ?? 0n,
  });
}
