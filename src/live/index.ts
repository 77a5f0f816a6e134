export { type Sync, type SyncUpdate, sync } from "./sync.ts";
