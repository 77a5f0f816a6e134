/**
 * A range kept up to date: as a sequence, as values for a screen, and by one watch for all tabs of an origin.
 *
 * @module etcd-web/live
 */
export { createView } from "./create-view.ts";
export type { DehydratedView } from "./dehydrated.ts";
export { type Sync, type SyncUpdate, sync } from "./sync.ts";
export { type SharedReader, shareTabs } from "./tabs/share-tabs.ts";
export type { View, ViewChange, ViewOptions, ViewSnapshot } from "./view.ts";
export type { ViewStorage } from "./view-storage.ts";
