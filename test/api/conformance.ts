/**
 * The emitted declarations against the declared contract: whoever wrote code against `api.ts` compiles against the
 * package. What comes out of the package must fit the contract's types, and what the contract lets in must be taken.
 * The compiler is the test.
 */
import type * as lib from "etcd-web";
import type * as memory from "etcd-web/memory";
import type * as api from "./api.ts";

/** Compiles where a value of type `Given` can stand for a `Wanted`. */
type Fits<Given extends Wanted, Wanted> = Given;
/** Compiles where the two unions are the same. */
type Same<A extends B, B extends C, C = A> = [A, B, C];

// Members that the contract has and the package has not yet. A member that arrives must leave its list.
type LaterReader = "scan";
type LaterKeyspace = LaterReader | "create" | "update" | "do" | "txn" | "leases" | "namespace";
type LaterEtcd = LaterKeyspace | "compact";
type LaterOptions = "plugins";

export type Missing = [
  Same<Exclude<keyof api.EtcdReader, keyof lib.EtcdReader>, LaterReader>,
  Same<Exclude<keyof api.EtcdKeyspace, keyof lib.EtcdKeyspace>, LaterKeyspace>,
  Same<Exclude<keyof api.Etcd, keyof lib.Etcd>, LaterEtcd>,
  Same<Exclude<keyof api.EtcdOptions, keyof lib.EtcdOptions>, LaterOptions>,
  Same<Exclude<keyof api.DeleteOptions, keyof lib.DeleteOptions>, "ifModRevision">,
];

export type ComesOut = [
  Fits<lib.EtcdReader, Omit<api.EtcdReader, LaterReader>>,
  Fits<lib.EtcdKeyspace, Omit<api.EtcdKeyspace, LaterKeyspace>>,
  Fits<lib.Etcd, Omit<api.Etcd, LaterEtcd>>,
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
  Fits<typeof lib.createEtcd, (options: Omit<api.EtcdOptions, LaterOptions>) => Omit<api.Etcd, LaterEtcd>>,
  Fits<typeof lib.isEtcdError, typeof api.isEtcdError>,
  Fits<typeof lib.cors, typeof api.cors>,
  Fits<typeof lib.passwordAuth, typeof api.passwordAuth>,
  Fits<typeof lib.KeyValue.from, typeof api.KeyValue.from>,
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
  Fits<Omit<api.DeleteOptions, "ifModRevision">, lib.DeleteOptions>,
  Fits<api.WatchOptions, lib.WatchOptions>,
  Fits<Parameters<api.EtcdKeyspace["lease"]>[0], lib.LeaseOptions>,
  Fits<Omit<api.EtcdOptions, LaterOptions>, lib.EtcdOptions>,
  Fits<api.StandardSchema<string>, lib.StandardSchema<string>>,
];
