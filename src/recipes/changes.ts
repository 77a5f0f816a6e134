import { isHistoryGone } from "../base/errors.ts";
import type { Range } from "../base/range.ts";
import type { EtcdReader } from "../client/etcd.ts";
import type { WatchEvent } from "../watch/events.ts";
import type { WatchOptions } from "../watch/options.ts";

/** The first event, or undefined where history is gone before it came. The watch is left then. */
export async function firstEvent(
  etcd: EtcdReader,
  range: Range,
  options: WatchOptions,
): Promise<WatchEvent | undefined> {
  try {
    for await (const event of etcd.watch(range, options)) return event;
  } catch (error) {
    if (!isHistoryGone(error)) throw error;
  }
  return undefined;
}
