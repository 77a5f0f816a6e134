import { create, type DescMethod, type Message } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { Watch, type WatchRequest, type WatchResponse, WatchResponseSchema } from "../../gen/etcdserverpb/watch_pb.ts";
import type { GateRules } from "./stream-gate.ts";

/** So many watches past those that are allowed are still answered one by one; the next one ends the call. */
const answeredPastLimit = 5_000;

/** Why a message may not pass; undefined where it may. */
export type Check = (message: Message) => ConnectError | undefined;

/**
 * The rules of a bidirectional method. A call of Watch holds many watches: as etcd does, one that is refused is answered
 * in its place, as created and canceled, and the others go on. Anything else that is refused ends its call, and so does a
 * number of watches that nobody has use for: each of their answers costs far more than it cost to ask.
 */
export function watchCalls(method: DescMethod, check: Check, watchesPerCall: number): GateRules {
  if (method !== Watch.method.watch) return { check, isAnswered: () => false, isAnswer: () => false, answerTo: refuse };
  let watches = 0;
  return {
    check(message) {
      if (!isCreate(message)) return check(message);
      watches++;
      return watches > watchesPerCall ? tooMany(watchesPerCall) : check(message);
    },
    isAnswered: (message) => isCreate(message) && watches <= watchesPerCall + answeredPastLimit,
    isAnswer: (message) => (message as WatchResponse).created,
    answerTo: canceled,
  };
}

function isCreate(message: Message): boolean {
  return (message as WatchRequest).requestUnion.case === "createRequest";
}

function canceled(refusal: ConnectError): WatchResponse {
  const cancelReason = `rpc error: code = ${Code[refusal.code]} desc = ${refusal.rawMessage}`;
  return create(WatchResponseSchema, { watchId: -1n, created: true, canceled: true, cancelReason });
}

function tooMany(most: number): ConnectError {
  const text = `This call holds more than ${most} watches: the gateway's limits.watchesPerCall would have to be higher`;
  return new ConnectError(text, Code.ResourceExhausted);
}

function refuse(refusal: ConnectError): never {
  throw refusal;
}
