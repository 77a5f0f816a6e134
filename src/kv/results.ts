import type { ResponseHeader } from "../base/header.ts";
import { toResult } from "../base/json.ts";
import { type KeyValue, toKeyValue } from "../base/key-value.ts";
import type { Prefix } from "../base/prefix.ts";
import type { DeleteRangeResponse, PutResponse, RangeResponse } from "../gen/etcdserverpb/kv_pb.ts";
import type { DeleteResult, PutResult, RangeResult } from "./options.ts";

/** The pairs of a read. */
export function toKeyValues(response: RangeResponse, prefix: Prefix): readonly KeyValue[] {
  return response.kvs.map((kv) => toKeyValue(kv, prefix));
}

/** What a range gives. */
export function toRangeResult(response: RangeResponse, header: ResponseHeader, prefix: Prefix): RangeResult {
  const kvs = toKeyValues(response, prefix);
  return toResult({ kvs, count: Number(response.count), more: response.more, revision: header.revision, header });
}

/** What a put gives. */
export function toPutResult(response: PutResponse, header: ResponseHeader, prefix: Prefix): PutResult {
  const prevKv = response.prevKv && toKeyValue(response.prevKv, prefix);
  return toResult({ revision: header.revision, prevKv, header });
}

/** What a delete gives. */
export function toDeleteResult(response: DeleteRangeResponse, header: ResponseHeader, prefix: Prefix): DeleteResult {
  const prevKvs = response.prevKvs.map((kv) => toKeyValue(kv, prefix));
  return toResult({ deleted: Number(response.deleted), prevKvs, revision: header.revision, header });
}
