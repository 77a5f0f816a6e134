import type { Transport } from "@connectrpc/connect";
import type { ResponseHeader } from "../base/header.ts";
import type { Range } from "../base/range.ts";
import type { Kv } from "../kv/kv.ts";
import type { Lease, LeaseOptions } from "../lease/lease.ts";
import type { Connection } from "../watch/connection.ts";
import type { Watch, WatchOptions } from "../watch/options.ts";

/** What reads. */
export interface EtcdReader extends Pick<Kv, "get" | "range" | "count"> {
  /** Events of a range, from now or any revision on. See {@link Watch}. */
  watch(range: Range, options?: WatchOptions): Watch;
}

/** What reads and writes. */
export interface EtcdKeyspace extends EtcdReader, Kv {
  /** A lease, kept alive until disposed unless told not to. See {@link Lease}. */
  lease(options: LeaseOptions): Promise<Lease>;
}

/** A client. Closing it ends its calls, watches and keep-alives. */
export interface Etcd extends EtcdKeyspace, AsyncDisposable {
  /** For the raw stubs of "etcd-web/proto". Its errors are Connect's. */
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
