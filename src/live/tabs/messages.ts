import type { EtcdErrorCode } from "../../base/errors.ts";
import type { KeyRange } from "../../base/range.ts";
import type { ConnectionState } from "../../watch/connection.ts";
import type { WatchBatch } from "../../watch/events.ts";

/** Which holder speaks: of two, the later one is right, and the other has to obey. */
export interface Reign {
  readonly epoch: number;
  readonly tab: string;
}

/** What watches of several tabs can share. */
export interface Topic extends KeyRange {
  readonly prevKv: boolean;
  readonly only: "put" | "delete" | undefined;
  readonly requireLeader: boolean | undefined;
}

/** All events of a topic in the revisions from `from` on and before `next`. */
export interface Cover {
  readonly topic: string;
  readonly from: bigint;
  readonly next: bigint;
  readonly batches: readonly WatchBatch[];
}

/** A topic's watch has ended. */
export interface Failure {
  readonly topic: string;
  /** For those alone who have not had everything before it; undefined: for all. */
  readonly below: bigint | undefined;
  readonly error: {
    readonly code: EtcdErrorCode;
    readonly message: string;
    readonly reason: string | undefined;
    readonly compactRevision: bigint | undefined;
  };
}

/** What the tab that holds the watches has to say. */
export type HolderNews =
  /** It is there. */
  | { readonly type: "beat"; readonly link: ConnectionState["state"] }
  | ({ readonly type: "cover" } & Cover)
  | ({ readonly type: "failed" } & Failure)
  /** These are held: who wants them still? */
  | { readonly type: "roll"; readonly topics: readonly string[] };

/** The same as it is sent. */
export type HolderMessage = HolderNews & { readonly reign: Reign };

/** Everything of a topic from `next` on. */
export interface Wish {
  readonly topic: string;
  readonly what: Topic;
  readonly next: bigint;
}

/** To it, from the others and from itself. */
export type MemberMessage =
  | { readonly type: "join"; readonly wishes: readonly Wish[] }
  | { readonly type: "want"; readonly topics: readonly string[] }
  | { readonly type: "left" }
  /** Is a holder there? It answers with a beat. */
  | { readonly type: "ping" }
  /** There is, or was, a later holder. */
  | { readonly type: "outdated"; readonly reign: Reign };

export type TabMessage = HolderMessage | MemberMessage;

/** Below 0: `a` reigned before `b`; 0: it is the same. */
export function compareReigns(a: Reign, b: Reign): number {
  return a.epoch - b.epoch || (a.tab < b.tab ? -1 : a.tab > b.tab ? 1 : 0);
}
