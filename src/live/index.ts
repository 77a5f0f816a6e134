export { createView } from "./create-view.ts";
export type { DehydratedView } from "./dehydrated.ts";
export { type Sync, type SyncUpdate, sync } from "./sync.ts";
export { type SharedReader, shareTabs } from "./tabs/share-tabs.ts";
export type { View, ViewChange, ViewOptions, ViewSnapshot } from "./view.ts";
export type { ViewStorage } from "./view-storage.ts";
