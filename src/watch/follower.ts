import type { EtcdError } from "../base/errors.ts";
import type { Prefix } from "../base/prefix.ts";
import type { KeyRange } from "../base/range.ts";
import type { WatchCreateRequest_FilterType } from "../gen/etcdserverpb/watch_pb.ts";
import type { Revision } from "./position.ts";

/** What is watched. */
export interface Subject {
  /** A single key may stay text until it is sent: a page may have thousands of them. */
  readonly range: KeyRange | string;
  /** Of its namespace; the range has it already. */
  readonly prefix: Prefix;
  /** Undefined: from now on. */
  readonly startRevision: bigint | undefined;
  readonly prevKv: boolean;
  readonly filters: readonly WatchCreateRequest_FilterType[];
  /** Watches with equal ones share streams. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** A watch as the streams see it: it may be on two of them at a time, and is told everything once. */
export interface Follower {
  readonly subject: Subject;
  /** The revision to go on from; undefined until its start is known. It grows, but for one that leaves unread. */
  next: bigint | undefined;
  /** The server has confirmed it before. */
  readonly wasOpen: boolean;
  /** The server has confirmed it on a stream. */
  confirmed(): void;
  revisions(revisions: readonly Revision[]): void;
  bookmark(revision: bigint): void;
  /** For good, after what it has been told. */
  failed(error: EtcdError): void;
  /** For good, at once. */
  aborted(reason: unknown): void;
}
