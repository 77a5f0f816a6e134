import { toPrintable } from "../base/bytes.ts";
import { EtcdError } from "../base/errors.ts";
import type { Prefix } from "../base/prefix.ts";
import { type Range, toKeyRange } from "../base/range.ts";
import { globalPlatform, type Platform } from "../platform/platform.ts";
import type { Caller } from "../transport/caller.ts";
import type { Connection } from "../watch/connection.ts";
import type { Etcd, EtcdKeyspace, EtcdReader } from "./etcd.ts";

/** What recipes need of a client or a namespace, and its users do not see. */
export interface Inside {
  readonly caller: Caller;
  readonly platform: Platform;
  readonly connection: Connection;
  /** What tells it from clients of other clusters: its URLs; empty where it has none. */
  readonly name: string;
  /** Of the namespace. */
  readonly prefix: Prefix;
  /** Milliseconds, for calls that do not say. */
  readonly timeoutMs: number;
}

/** What admin needs beside, of a client alone. */
export interface ClientInside extends Inside {
  /** Calls one of the client's endpoints, whatever its health; undefined: whichever is well. Else "invalid-argument". */
  at(endpoint: string | undefined): Caller;
}

/** Registered, so that a client of another copy of the package serves as well. */
export const inside: unique symbol = Symbol.for("etcd-web.inside") as never;

/** The inside of a client or a namespace, or "invalid-argument" where it was not made by `createEtcd`. */
export function insideOf(etcd: EtcdKeyspace): Inside {
  const found = find(etcd);
  if (found !== undefined) return found;
  throw new EtcdError("invalid-argument", "This takes a client made by createEtcd, or a namespace of one");
}

/** The inside of a client, or "invalid-argument" where it is none. */
export function insideOfClient(etcd: Etcd): ClientInside {
  const found: Inside & Partial<ClientInside> = insideOf(etcd);
  if (found.at !== undefined) return found as ClientInside;
  throw new EtcdError("invalid-argument", "This is of the whole cluster: it takes a client, not a namespace of one");
}

/** The clock of a reader: its client's, or the program's where it is no client of ours. */
export function platformOf(etcd: EtcdReader): Platform {
  return find(etcd)?.platform ?? globalPlatform;
}

/** Milliseconds that a call of a reader takes at the most, where that can be told. */
export function timeoutOf(etcd: EtcdReader): number {
  return find(etcd)?.timeoutMs ?? Number.POSITIVE_INFINITY;
}

/** How the streams of a reader are doing, where that can be told. */
export function connectionOf(etcd: EtcdReader): Connection | undefined {
  return find(etcd)?.connection;
}

/** A name for a range of a reader, the same at every visit. */
export function placeOf(etcd: EtcdReader, range: Range): string {
  const found = find(etcd);
  const keys = toKeyRange(range);
  const { key, rangeEnd } = found?.prefix.add(keys) ?? keys;
  return [found?.name ?? "", toPrintable(key), toPrintable(rangeEnd)].map(encodeURIComponent).join("/");
}

function find(etcd: EtcdReader): Inside | undefined {
  return (etcd as { readonly [inside]?: Inside } | undefined)?.[inside];
}
