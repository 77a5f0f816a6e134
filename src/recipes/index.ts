/**
 * What several programs do together: locks, elections, transactional memory, queues, barriers, a service registry. The
 * keys are those of Go's packages.
 *
 * @module etcd-web/recipes
 */
export { type Barrier, createBarrier } from "./barrier.ts";
export { createDoubleBarrier, type DoubleBarrier } from "./double-barrier.ts";
export type { Election, Leadership } from "./election.ts";
export { createElectionService, type ElectionService, type LeaderKey } from "./election-service.ts";
export type { Endpoint } from "./endpoint.ts";
export type { HeldLock } from "./lock.ts";
export { createLockService, type LockService } from "./lock-service.ts";
export { createQueue, type EnqueueOptions, type Queue } from "./queue.ts";
export { createRegistry, type Endpoints, type Registry } from "./registry.ts";
export { createSession, type Session, type SessionOptions } from "./session.ts";
export { type Isolation, type StmOptions, stm } from "./stm.ts";
export type { StmTransaction } from "./transaction.ts";
