import { create } from "@bufbuild/protobuf";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { DeleteRangeRequestSchema, RangeRequestSchema } from "../gen/etcdserverpb/kv_pb.ts";
import type { Lock, LockRequest } from "../gen/v3lockpb/lock_pb.ts";
import type { Core } from "./core.ts";
import { errors } from "./errors.ts";
import { join, leave, ownCalls, sessionLease, turn, withoutCode } from "./queue.ts";

export function lockService(core: Core): ServiceImpl<typeof Lock> {
  return {
    async lock(request, context) {
      try {
        return await lock(core, request, context);
      } catch (error) {
        throw withoutCode(error);
      }
    },
    unlock({ key }, { requestHeader }) {
      try {
        const { header } = ownCalls(core, requestHeader).deleteRange(create(DeleteRangeRequestSchema, { key }));
        return { header };
      } catch (error) {
        throw withoutCode(error);
      }
    },
  };
}

/** Waits for the lock; who goes away before leaves the queue. */
async function lock(core: Core, request: LockRequest, { requestHeader, signal }: HandlerContext) {
  const kv = ownCalls(core, requestHeader);
  const lease = sessionLease(core, requestHeader, request.lease);
  const place = join(kv, request.name, lease, new Uint8Array());
  if (place.isFirst) return { key: place.key, header: place.header };
  try {
    await turn(core, kv, request.name, place.revision, signal);
  } catch (error) {
    leave(core, place);
    throw error;
  }
  const { header, kvs } = kv.range(create(RangeRequestSchema, { key: place.key }));
  if (kvs.length === 0) throw errors.sessionExpired();
  return { key: place.key, header };
}
