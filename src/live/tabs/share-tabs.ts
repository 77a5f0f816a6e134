import { asyncDispose } from "../../base/async-dispose.ts";
import { toPrintable } from "../../base/bytes.ts";
import { EtcdError } from "../../base/errors.ts";
import { toInt64 } from "../../base/numbers.ts";
import { type Range, toKeyRange } from "../../base/range.ts";
import type { EtcdReader } from "../../client/etcd.ts";
import { inside, insideOf, placeOf } from "../../client/inside.ts";
import { globalTabs, type Tabs } from "../../platform/tabs.ts";
import type { Watch, WatchOptions } from "../../watch/options.ts";
import type { Topic } from "./messages.ts";
import { SharedWatch } from "./shared-watch.ts";
import { Tab } from "./tab.ts";

/** A reader whose watches are shared. Disposing of it ends its watches, and leaves the holding to another tab. */
export interface SharedReader extends EtcdReader, AsyncDisposable {
  /** Ends its watches, and leaves the holding to another tab. The client beneath it stays open. */
  close(): Promise<void>;
}

/**
 * The same reader, its watches held by one tab of the origin for all: ten tabs cost etcd what one costs, views and plain
 * watches alike. Which one, its tabs agree on among themselves; when it is closed, crashes or is frozen, another goes on
 * from the same revision within two seconds, and nothing is lost. Reads are each tab's own, and so are watches with
 * headers of their own. Where a platform has neither locks nor channels (both need a secure context), each tab watches
 * for itself.
 *
 * The tabs of one `name` must be those of one user: what one of them may see, the others are shown. The cluster's
 * address and the namespace are part of the name already.
 *
 * @example
 * ```ts
 * import { createEtcd } from "etcd-web";
 * import { createView, shareTabs } from "etcd-web/live";
 *
 * const etcd = shareTabs(createEtcd({ endpoints: "https://etcd.example.com" }), { name: "alice" });
 * const config = createView(etcd, { prefix: "config/" });
 * ```
 */
export function shareTabs(etcd: EtcdReader, options: { readonly name: string }): SharedReader {
  return shareTabsOn(globalTabs(), etcd, options);
}

const ofViews = new WeakMap<EtcdReader, SharedReader>();

/** One for all views of a client that share: without a view it holds nothing. */
export function sharedOf(etcd: EtcdReader): SharedReader {
  const before = ofViews.get(etcd);
  if (before !== undefined) return before;
  const shared = shareTabs(etcd, { name: "" });
  ofViews.set(etcd, shared);
  return shared;
}

/** As {@link shareTabs}, among tabs of one's own: for tests. */
export function shareTabsOn(
  tabs: Tabs | undefined,
  etcd: EtcdReader,
  { name }: { readonly name: string },
): SharedReader {
  if (typeof name !== "string") throw new EtcdError("invalid-argument", "shareTabs takes a `name`");
  const { get, range, count, scan } = etcd;
  const reads = { get, range, count, scan };
  const tab = new Tab(tabs, etcd, `etcd-web/tabs/1/${encodeURIComponent(name)}/${placeOf(etcd, { all: true })}`);
  const close = async (): Promise<void> => tab.close();
  return {
    ...reads,
    ...inner(etcd, tab),
    watch: (given, options) => watchShared(tab, given, options),
    close,
    [asyncDispose]: close,
  };
}

function watchShared(tab: Tab, range: Range, options: WatchOptions = {}): Watch {
  tab.etcd.watch(range, options); // begins nothing, and refuses what cannot be
  const { key, rangeEnd } = toKeyRange(range);
  const { prevKv = false, only, requireLeader } = options;
  const topic: Topic = { key: key.slice(), rangeEnd: rangeEnd.slice(), prevKv, only, requireLeader };
  const name = JSON.stringify([toPrintable(key), toPrintable(rangeEnd), prevKv, only, requireLeader]);
  const { startRevision } = options;
  const start = startRevision === undefined ? undefined : toInt64(startRevision, "startRevision");
  return new SharedWatch(tab, topic, name, { ...options, startRevision: start });
}

/** What views ask of a client: its clock and its name, and of whom they are to hear whether the link is up. */
function inner(etcd: EtcdReader, { connection }: Tab): object {
  return inside in etcd ? { [inside]: { ...insideOf(etcd as never), connection } } : {};
}
