export type { Clock } from "../platform/clock.ts";
export { createMemoryEtcd, type MemoryEtcd, type MemoryEtcdOptions, type MemoryFaults } from "./memory-etcd.ts";
