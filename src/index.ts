export type { Key } from "./base/bytes.ts";
export { EtcdError, type EtcdErrorCode, type EtcdErrorDetails, isEtcdError } from "./base/errors.ts";
export type { ResponseHeader } from "./base/header.ts";
export { KeyValue, type KeyValueFields } from "./base/key-value.ts";
export type { LeaseRef } from "./base/lease-ref.ts";
export type { Int64 } from "./base/numbers.ts";
export type { Range } from "./base/range.ts";
export type { StandardSchema } from "./base/standard-schema.ts";
export { batching } from "./client/batching.ts";
export { createEtcd } from "./client/create-etcd.ts";
export type { Etcd, EtcdKeyspace, EtcdReader } from "./client/etcd.ts";
export { monotonicReads } from "./client/monotonic-reads.ts";
export type { EtcdOptions } from "./client/options.ts";
export type { EtcdPlugin } from "./client/plugin.ts";
export { type Compare, type Comparison, compare } from "./kv/compare.ts";
export type { Kv, KvReader } from "./kv/kv.ts";
export { type OpOptions, op } from "./kv/op.ts";
export type {
  CompactOptions,
  DeleteOptions,
  DeleteResult,
  PutOptions,
  PutResult,
  RangeOptions,
  RangeResult,
  ReadOptions,
  ScanOptions,
} from "./kv/options.ts";
export type { Op, Results, Txn, TxnResult } from "./kv/txn.ts";
export type { AttachOptions, Lease, LeaseKeyspace, LeaseOptions, Leases, TimeToLive } from "./lease/lease.ts";
export type { CallOptions } from "./transport/caller.ts";
export { cors } from "./transport/cors.ts";
export { type PasswordCredentials, passwordAuth } from "./transport/password-auth.ts";
export type { TokenSource } from "./transport/token-source.ts";
export type { Connection, ConnectionState } from "./watch/connection.ts";
export type { DeletedKey, WatchBatch, WatchEvent } from "./watch/events.ts";
export type { Watch, WatchOptions } from "./watch/options.ts";
