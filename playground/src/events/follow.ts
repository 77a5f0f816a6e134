import type { Etcd, Key, WatchEvent } from "etcd-web";
import { type KeyWindow, lacksKeys, withEvent } from "../keys/key-window.ts";
import { listKeys } from "../keys/list-keys.ts";

/** One revision's events, and the keys after it. */
export interface News {
  readonly events: readonly WatchEvent[];
  readonly keys: KeyWindow;
}

/**
 * Tells the keys with a prefix, then every change of them, until `signal` aborts or the watch fails. The watch is opened
 * first and the keys are read as they were right before it: between the two, nothing can be missed or told twice.
 */
export async function follow(etcd: Etcd, prefix: Key, signal: AbortSignal, tell: (news: News) => void): Promise<void> {
  const watch = etcd.watch({ prefix }, { signal });
  try {
    const first = await watch.opened;
    let keys = await listKeys(etcd, prefix, first - 1n, signal);
    tell({ events: [], keys });
    for await (const { revision, events } of watch.batches()) {
      keys = events.reduce(withEvent, keys);
      if (lacksKeys(keys)) keys = await listKeys(etcd, prefix, revision, signal);
      tell({ events, keys });
    }
  } finally {
    await watch.close();
  }
}
