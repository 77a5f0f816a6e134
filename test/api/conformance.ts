/**
 * The emitted declarations against the declared contract: whoever wrote code against `api.ts` compiles against the
 * package. What comes out of the package must fit the contract's types, and what the contract lets in must be taken.
 * The compiler is the test.
 */
import type * as lib from "etcd-web";
import type * as doctor from "etcd-web/doctor";
import type * as live from "etcd-web/live";
import type * as memory from "etcd-web/memory";
import type * as recipes from "etcd-web/recipes";
import type * as api from "./api.ts";

/** Compiles where a value of type `Given` can stand for a `Wanted`. */
type Fits<Given extends Wanted, Wanted> = Given;
/** Compiles where the two unions are the same. */
type Same<A extends B, B extends C, C = A> = [A, B, C];

/** A recipe as it is called: on a keyspace of the package. */
type OnPackage<Recipe> = Recipe extends (etcd: api.EtcdKeyspace, ...rest: infer Rest) => infer Result
  ? (etcd: lib.EtcdKeyspace, ...rest: Rest) => Result
  : never;

export type Missing = [
  Same<Exclude<keyof api.EtcdReader, keyof lib.EtcdReader>, never>,
  Same<Exclude<keyof api.EtcdKeyspace, keyof lib.EtcdKeyspace>, never>,
  Same<Exclude<keyof api.Etcd, keyof lib.Etcd>, never>,
  Same<Exclude<keyof api.EtcdOptions, keyof lib.EtcdOptions>, never>,
];

export type ComesOut = [
  Fits<lib.EtcdReader, api.EtcdReader>,
  Fits<lib.EtcdKeyspace, api.EtcdKeyspace>,
  Fits<lib.Etcd, api.Etcd>,
  Fits<lib.KeyValue, api.KeyValue>,
  Fits<lib.ResponseHeader, api.ResponseHeader>,
  Fits<lib.RangeResult, api.RangeResult>,
  Fits<lib.PutResult, api.PutResult>,
  Fits<lib.DeleteResult, api.DeleteResult>,
  Fits<lib.Watch, api.Watch>,
  Fits<lib.WatchEvent, api.WatchEvent>,
  Fits<lib.WatchBatch, api.WatchBatch>,
  Fits<lib.Lease, api.Lease>,
  Fits<lib.Connection, api.Connection>,
  Fits<lib.ConnectionState, api.ConnectionState>,
  Fits<lib.EtcdError, api.EtcdError>,
  Same<lib.EtcdErrorCode, api.EtcdErrorCode>,
  Fits<typeof lib.createEtcd, (options: api.EtcdOptions) => api.Etcd>,
  Fits<typeof lib.op, typeof api.op>,
  Fits<typeof lib.compare, typeof api.compare>,
  Fits<lib.TxnResult<[lib.Op<string>], []>, api.TxnResult<[api.Op<string>], []>>,
  Fits<typeof lib.batching, typeof api.batching>,
  Fits<typeof lib.monotonicReads, typeof api.monotonicReads>,
  Fits<typeof lib.isEtcdError, typeof api.isEtcdError>,
  Fits<typeof lib.cors, typeof api.cors>,
  Fits<typeof lib.passwordAuth, typeof api.passwordAuth>,
  Fits<typeof lib.KeyValue.from, typeof api.KeyValue.from>,
  Fits<typeof live.sync, typeof api.sync>,
  Fits<typeof recipes.createSession, OnPackage<typeof api.createSession>>,
  Fits<recipes.Session, api.Session>,
  Fits<recipes.HeldLock, api.HeldLock>,
  Fits<recipes.Election, api.Election>,
  Fits<recipes.Leadership, api.Leadership>,
  Same<recipes.Isolation, api.Isolation>,
  Fits<typeof recipes.stm<number>, OnPackage<typeof api.stm<number>>>,
  Fits<recipes.StmTransaction, api.StmTransaction>,
  Fits<typeof recipes.createBarrier, OnPackage<typeof api.createBarrier>>,
  Fits<typeof recipes.createQueue, OnPackage<typeof api.createQueue>>,
  Fits<typeof recipes.createRegistry, OnPackage<typeof api.createRegistry>>,
  Fits<recipes.Endpoint, api.Endpoint>,
  Fits<typeof recipes.createLockService, OnPackage<typeof api.createLockService>>,
  Fits<typeof recipes.createElectionService, OnPackage<typeof api.createElectionService>>,
  Fits<recipes.LeaderKey, api.LeaderKey>,
  Fits<live.View<number>, api.View<number>>,
  Fits<live.SyncUpdate, api.SyncUpdate>,
  Fits<typeof live.shareTabs, typeof api.shareTabs>,
  Fits<typeof doctor.diagnose, (url: string) => Promise<{ readonly findings: readonly doctor.Finding[] }>>,
  Fits<typeof memory.createMemoryEtcd, typeof api.createMemoryEtcd>,
];

export type GoesIn = [
  Fits<api.Key, lib.Key>,
  Fits<api.TokenSource, lib.TokenSource>,
  Fits<api.Int64, lib.Int64>,
  Fits<api.Range, lib.Range>,
  Fits<api.LeaseRef, lib.LeaseRef>,
  Fits<api.CallOptions, lib.CallOptions>,
  Fits<api.ReadOptions, lib.ReadOptions>,
  Fits<api.RangeOptions, lib.RangeOptions>,
  Fits<api.PutOptions, lib.PutOptions>,
  Fits<api.DeleteOptions, lib.DeleteOptions>,
  Fits<api.Op<string>, lib.Op<string>>,
  Fits<api.Compare, lib.Compare>,
  Fits<api.Txn<[], []>, lib.Txn<[], []>>,
  Fits<api.WatchOptions, lib.WatchOptions>,
  Fits<Parameters<api.EtcdKeyspace["lease"]>[0], lib.LeaseOptions>,
  Fits<api.EtcdOptions, lib.EtcdOptions>,
  Fits<api.ViewOptions<number>, live.ViewOptions<number>>,
  Fits<api.DehydratedView, live.DehydratedView>,
  Fits<api.Session, recipes.Session>,
  Fits<api.Endpoint, recipes.Endpoint>,
  Fits<api.LeaderKey, recipes.LeaderKey>,
  Fits<Parameters<typeof api.createDoubleBarrier>, Parameters<typeof recipes.createDoubleBarrier>>,
  Fits<api.StandardSchema<string>, lib.StandardSchema<string>>,
];
