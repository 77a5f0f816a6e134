import { create, type MessageInitShape } from "@bufbuild/protobuf";
import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import { compareBytes } from "../base/bytes.ts";
import {
  type RequestOpSchema,
  Compare_CompareResult as Result,
  Compare_CompareTarget as Target,
  TxnRequestSchema,
} from "../gen/etcdserverpb/kv_pb.ts";
import type { CampaignRequest, Election, LeaderKey } from "../gen/v3electionpb/election_pb.ts";
import type { Core } from "./core.ts";
import { errors } from "./errors.ts";
import type { KvCalls } from "./kv-calls.ts";
import { Observer } from "./observer.ts";
import { first, join, leave, ownCalls, sessionLease, turn, withoutCode } from "./queue.ts";

export function electionService(core: Core): ServiceImpl<typeof Election> {
  /** Who leads, with a lease: a new one where none is given. */
  const resume = ({ requestHeader }: HandlerContext, leader: LeaderKey | undefined): LeaderKey => {
    if (leader === undefined) throw errors.missingLeaderKey();
    return { ...leader, lease: sessionLease(core, requestHeader, leader.lease) };
  };
  const calls = ({ requestHeader }: HandlerContext): KvCalls => ownCalls(core, requestHeader);
  return {
    async campaign(request, context) {
      try {
        return await campaign(core, request, context);
      } catch (error) {
        throw withoutCode(error);
      }
    },
    proclaim: ({ leader, value }, context) =>
      answer(() => ({ header: proclaim(calls(context), resume(context, leader), value) })),
    leader: ({ name }, context) =>
      answer(() => {
        const { header, kv } = first(calls(context), name);
        if (kv === undefined) throw errors.noLeader();
        return { header, kv };
      }),
    observe: ({ name }, context) => new Observer(core, calls(context), name, context.signal).answers.stream,
    resign: ({ leader }, context) => answer(() => ({ header: resign(calls(context), resume(context, leader)) })),
  };
}

/** Waits to be elected; who goes away before leaves the queue. */
async function campaign(core: Core, request: CampaignRequest, { requestHeader, signal }: HandlerContext) {
  const kv = ownCalls(core, requestHeader);
  const { name, value } = request;
  const lease = sessionLease(core, requestHeader, request.lease);
  const place = join(kv, name, lease, value);
  const leader: Pick<LeaderKey, "key" | "rev" | "lease"> = { key: place.key, rev: place.revision, lease };
  if (place.existing !== undefined && compareBytes(place.existing.value, value) !== 0) stand(kv, leader, value);
  try {
    await turn(core, kv, name, place.revision, signal);
  } catch (error) {
    leave(core, place);
    throw error;
  }
  return { header: place.header, leader: { ...leader, name } };
}

/** Goes on standing with another value, or not at all. */
function stand(kv: KvCalls, leader: Pick<LeaderKey, "key" | "rev" | "lease">, value: Uint8Array): void {
  try {
    proclaim(kv, leader, value);
  } catch (error) {
    resign(kv, leader);
    throw error;
  }
}

function proclaim(kv: KvCalls, leader: Pick<LeaderKey, "key" | "rev" | "lease">, value: Uint8Array) {
  const { header, succeeded } = asLeader(kv, leader, ({ key, lease }) => ({
    request: { case: "requestPut", value: { key, value, lease } },
  }));
  if (!succeeded) throw errors.notLeader();
  return header;
}

/** To be no leader any more is no error. */
function resign(kv: KvCalls, leader: Pick<LeaderKey, "key" | "rev">) {
  return asLeader(kv, leader, ({ key }) => ({ request: { case: "requestDeleteRange", value: { key } } })).header;
}

/** Runs something if the key is still the one that was elected. */
function asLeader<L extends Pick<LeaderKey, "key" | "rev">>(
  kv: KvCalls,
  leader: L,
  toOp: (leader: L) => MessageInitShape<typeof RequestOpSchema>,
) {
  const { key, rev } = leader;
  const same = { target: Target.CREATE, result: Result.EQUAL } as const;
  return kv.txn(
    create(TxnRequestSchema, {
      compare: [{ ...same, key, targetUnion: { case: "createRevision", value: rev } }],
      success: [toOp(leader)],
    }),
  );
}

function answer<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw withoutCode(error);
  }
}
