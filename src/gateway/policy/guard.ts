import type { DescMethod, Message } from "@bufbuild/protobuf";
import { Code, ConnectError, type Interceptor, type StreamRequest } from "@connectrpc/connect";
import { Lease, type LeaseGrantRequest } from "../../gen/etcdserverpb/lease_pb.ts";
import type { Judge } from "./judge.ts";
import { StreamGate } from "./stream-gate.ts";
import { type Check, watchCalls } from "./watch-calls.ts";

/** What the guard needs to know beside the policy. */
export interface GuardOptions {
  /** Watches in one call, at most. */
  readonly watchesPerCall: number;
  /** Told of each request that is refused. */
  readonly refused: (error: ConnectError) => void;
}

/**
 * Stands between the decoded requests and etcd: what the judge refuses does not pass, and no call is opened for it. What
 * passes is encoded anew, so that etcd reads what was judged, whatever the bytes were.
 */
export function guard(judge: Judge, { watchesPerCall, refused }: GuardOptions): Interceptor {
  const judged =
    (method: DescMethod): Check =>
    (message) => {
      chooseLeaseId(judge, method, message);
      const reason = judge.refuse(method, message);
      return reason === undefined ? undefined : new ConnectError(reason, Code.PermissionDenied);
    };
  const told =
    (check: Check): Check =>
    (message) => {
      const refusal = check(message);
      if (refusal !== undefined) refused(refusal);
      return refusal;
    };
  return (next) => async (request) => {
    const check = told(judged(request.method));
    if (!request.stream) {
      require(check, request.message);
      return await next(request);
    }
    if (request.method.methodKind !== "bidi_streaming") return await next(checkedFirst(request, check));
    const calls = watchCalls(request.method, judged(request.method), watchesPerCall);
    const gate = new StreamGate(request.message, { ...calls, check: told(calls.check) }, request.signal);
    // It opens its call when it is read, which the gate does when the first request has passed.
    const response = await next({ ...request, message: gate.requests() });
    return { ...response, message: gate.answers(response.message as AsyncIterable<Message>) } as typeof response;
  };
}

function require(check: Check, message: Message): void {
  const refusal = check(message);
  if (refusal !== undefined) throw refusal;
}

function checkedFirst(request: StreamRequest, check: Check): StreamRequest {
  async function* checked(): AsyncGenerator<Message> {
    for await (const message of request.message) {
      require(check, message);
      yield message;
    }
  }
  return { ...request, message: checked() };
}

function chooseLeaseId({ leaseIds }: Judge, method: DescMethod, message: Message): void {
  if (leaseIds === undefined || method !== Lease.method.leaseGrant) return;
  const grant = message as LeaseGrantRequest;
  if (grant.ID === 0n) grant.ID = leaseIds.create();
}
