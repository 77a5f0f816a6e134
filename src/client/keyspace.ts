import { type Key, toBytes } from "../base/bytes.ts";
import type { Prefix } from "../base/prefix.ts";
import { createKv, type KvContext } from "../kv/create-kv.ts";
import type { KeepAlives } from "../lease/keep-alives.ts";
import type { LeaseContext } from "../lease/lease-context.ts";
import { createLeases } from "../lease/leases.ts";
import type { Connection } from "../watch/connection.ts";
import { createWatch } from "../watch/watch.ts";
import type { WatchGroups } from "../watch/watch-groups.ts";
import type { EtcdKeyspace } from "./etcd.ts";
import { type Inside, inside } from "./inside.ts";

/** What a keyspace needs of its client. */
export interface KeyspaceContext {
  readonly kv: KvContext;
  readonly lease: LeaseContext;
  readonly keepAlives: KeepAlives;
  readonly watches: WatchGroups;
  readonly connection: Connection;
  readonly name: string;
}

/** Everything that has keys, within a namespace. */
export function createKeyspace(context: KeyspaceContext, prefix: Prefix): EtcdKeyspace & { readonly [inside]: Inside } {
  const { kv, lease, keepAlives, watches, connection, name } = context;
  return {
    ...createKv(kv, prefix),
    watch: (range, options) => createWatch(watches, range, options, lease.requireLeader, prefix),
    ...createLeases(lease, keepAlives, prefix),
    namespace: (inner: Key) => createKeyspace(context, prefix.within(toBytes(inner, "The prefix"))),
    [inside]: { ...lease, connection, name, prefix },
  };
}
