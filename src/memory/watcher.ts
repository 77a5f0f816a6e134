import type { Change, ChangeLog } from "./change-log.ts";
import { covers, type Span } from "./keys.ts";
import type { Follower } from "./watcher-group.ts";

/** What a create request asks for. */
export interface WatcherOptions {
  readonly id: bigint;
  readonly span: Span;
  /** The first revision wanted; 0 means from now on. */
  readonly start: bigint;
  readonly prevKv: boolean;
  readonly noPut: boolean;
  readonly noDelete: boolean;
  readonly fragment: boolean;
  readonly progressNotify: boolean;
}

/** One watch of a stream. */
export interface Watcher extends WatcherOptions, Follower {
  /** The first revision it has not been shown. */
  next: bigint;
  /** No events since the last tick: a progress notification is due. */
  quiet: boolean;
}

// As etcd's watchBatchMaxRevs.
const batchRevisions = 1000;

/** The next changes a watcher has missed, of a bounded number of whole revisions, and the revision to go on from. */
export function missed(watcher: Watcher, log: ChangeLog, last: bigint): { changes: Change[]; next: bigint } {
  const changes: Change[] = [];
  let revisions = 0;
  let next = watcher.next;
  for (; next <= last; next += 1n) {
    const matching = log.at(next).filter(({ name }) => covers(watcher.span, name));
    if (matching.length === 0) continue;
    if (revisions === batchRevisions) break;
    revisions++;
    changes.push(...matching);
  }
  return { changes, next };
}
