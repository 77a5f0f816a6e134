import { compareBytes, own } from "../base/bytes.ts";
import { EtcdError } from "../base/errors.ts";
import { toResult } from "../base/json.ts";
import { isEndless, type KeyRange, prefixEnd, type Range, toKeyRange } from "../base/range.ts";
import { type Permission as PermissionMessage, Permission_Type as Type } from "../gen/authpb/auth_pb.ts";

/** What a permission allows. */
export type Access = "read" | "write" | "readwrite";

/** What a role may do with a range of keys. */
export interface Permission {
  /** Reading, writing or both. */
  readonly access: Access;
  /** As `revokePermission` takes it back; its keys are bytes. */
  readonly range: Range;
}

const types: Readonly<Record<Access, Type>> = { read: Type.READ, write: Type.WRITE, readwrite: Type.READWRITE };

/** A permission in etcd's terms, or "invalid-argument". */
export function toPermissionInit(range: Range, access: Access): KeyRange & { readonly permType: Type } {
  const permType = types[access];
  if (permType !== undefined) return { ...toKeyRange(range), permType };
  throw new EtcdError("invalid-argument", `access is ${Object.keys(types).join(" | ")}, not ${String(access)}`);
}

/** A permission as etcd has it. */
export function toPermission({ key, rangeEnd, permType }: PermissionMessage): Permission {
  const access = (Object.keys(types) as Access[]).find((name) => types[name] === permType) ?? "read";
  return toResult({ access, range: toRange({ key: own(key), rangeEnd: own(rangeEnd) }) });
}

/** The form of a range that says most, and that gives the same range again. */
export function toRange({ key, rangeEnd }: KeyRange): Range {
  if (rangeEnd.length === 0) return { key };
  if (isEndless(rangeEnd)) return compareBytes(key, firstKey) === 0 ? { all: true } : { from: key };
  return compareBytes(rangeEnd, prefixEnd(key)) === 0 ? { prefix: key } : { from: key, to: rangeEnd };
}

const firstKey: Uint8Array = Uint8Array.of(0);
