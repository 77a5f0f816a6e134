import type { Transport } from "@connectrpc/connect";
import type { Key } from "../base/bytes.ts";
import type { ResponseHeader } from "../base/header.ts";
import type { Int64 } from "../base/numbers.ts";
import type { Range } from "../base/range.ts";
import type { Kv, KvReader } from "../kv/kv.ts";
import type { CompactOptions } from "../kv/options.ts";
import type { LeaseKeyspace } from "../lease/lease.ts";
import type { Connection } from "../watch/connection.ts";
import type { Watch, WatchOptions } from "../watch/options.ts";

/** What reads. */
export interface EtcdReader extends KvReader {
  /** Events of a range, from now or any revision on. See {@link Watch}. */
  watch(range: Range, options?: WatchOptions): Watch;
}

/** What reads and writes: a client, or a namespace of one. */
export interface EtcdKeyspace extends EtcdReader, Kv, LeaseKeyspace {
  /**
   * The keys that begin with a prefix, as if there were no others: it is added to every key on the way in and taken off
   * on the way out, of reads, transactions, events, previous pairs and a lease's keys. Namespaces nest.
   *
   * @example
   * ```ts
   * import type { Etcd } from "etcd-web";
   *
   * async function ofTenant(etcd: Etcd, tenant: string): Promise<string[]> {
   *   const { kvs } = await etcd.namespace(`tenants/${tenant}/`).range({ all: true });
   *   return kvs.map((kv) => kv.keyText());
   * }
   * ```
   */
  namespace(prefix: Key): EtcdKeyspace;
}

/** A client. Closing it ends its calls, watches and keep-alives. */
export interface Etcd extends EtcdKeyspace, AsyncDisposable {
  /** Forgets the history before `revision`: reads of it and watches from it are "compacted" then. */
  compact(revision: Int64, options?: CompactOptions): Promise<ResponseHeader>;
  /**
   * For the raw stubs of "etcd-web/proto". Errors are Connect's; calls end with their own signals, not with `close()`.
   */
  readonly transport: Transport;
  /** How the watch streams are doing. */
  readonly connection: Connection;
  /** Resolves when an endpoint answers, trying until then. Default time-out: the client's `timeoutMs`. */
  ready(options?: {
    readonly timeoutMs?: number | undefined;
    readonly signal?: AbortSignal | undefined;
  }): Promise<ResponseHeader>;
  /** Ends everything of this client: pending calls and watches reject with EtcdError "closed"; leases are left to expire. */
  close(): Promise<void>;
}
