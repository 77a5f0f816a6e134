import { create } from "@bufbuild/protobuf";
import { ResponseHeaderSchema } from "../gen/etcdserverpb/header_pb.ts";
import {
  type DeleteRangeRequest,
  type DeleteRangeResponse,
  DeleteRangeResponseSchema,
  type PutRequest,
  type PutResponse,
  PutResponseSchema,
} from "../gen/etcdserverpb/kv_pb.ts";
import { errors } from "./errors.ts";
import { toName, toSpan } from "./keys.ts";
import type { LeaseBook } from "./lease-book.ts";
import type { View, Writer } from "./store.ts";

/** Refuses a put whose lease or whose previous value is missing. */
export function checkPutIn(view: View, leases: LeaseBook, request: PutRequest): void {
  if (request.lease !== 0n && leases.get(request.lease) === undefined) throw errors.leaseNotFound();
  if (!request.ignoreValue && !request.ignoreLease) return;
  if (view.index.latest(toName(request.key)) === undefined) throw errors.keyNotFound();
}

/** Carries out a checked put. Its header carries only the revision. */
export function put(writer: Writer, request: PutRequest): PutResponse {
  const previous = writer.index.latest(toName(request.key));
  const value = request.ignoreValue ? previous?.value : request.value;
  const lease = request.ignoreLease ? previous?.lease : request.lease;
  const revision = writer.put(request.key, value ?? request.value, lease ?? request.lease);
  const response = create(PutResponseSchema, { header: create(ResponseHeaderSchema, { revision }) });
  if (request.prevKv && previous !== undefined) response.prevKv = previous;
  return response;
}

/** Carries out a delete. Its header carries only the revision, a new one only where something has been written. */
export function deleteRange(writer: Writer, request: DeleteRangeRequest): DeleteRangeResponse {
  const deleted = writer.delete(toSpan(request.key, request.rangeEnd));
  return create(DeleteRangeResponseSchema, {
    header: create(ResponseHeaderSchema, { revision: writer.revision }),
    deleted: BigInt(deleted.length),
    prevKvs: request.prevKv ? deleted : [],
  });
}
