/**
 * An etcd in this process, for tests and demos.
 *
 * @module etcd-web/memory
 */
export type { Clock } from "../platform/clock.ts";
export { createMemoryEtcd, type MemoryEtcd, type MemoryEtcdOptions, type MemoryFaults } from "./memory-etcd.ts";
