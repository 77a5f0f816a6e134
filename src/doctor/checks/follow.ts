import { create, fromBinary } from "@bufbuild/protobuf";
import { linkSignals, untilAborted } from "../../base/signals.ts";
import { Watch, WatchRequestSchema, type WatchResponse, WatchResponseSchema } from "../../gen/etcdserverpb/watch_pb.ts";
import { systemCode } from "../../transport/system-error.ts";
import type { Examination } from "../examination.ts";
import { encode, type Head, isGrpcWeb, type Status } from "../exchange.ts";

/** How a watch is asked for. */
export interface FollowOptions {
  /** Whether etcd is to tell its revision now and then. Default false. */
  readonly progressNotify?: boolean;
  /** Default: that of the examination, from now on. */
  readonly from?: { readonly key: Uint8Array; readonly startRevision: bigint } | undefined;
  /** etcd itself ends it after so long. */
  readonly lastsMs?: number;
  /** It is given up after so long. */
  readonly giveUpMs: number;
  /** Called with each response; true: it has shown enough. */
  readonly onResponse?: (response: WatchResponse, ms: number) => boolean | undefined;
  readonly signal?: AbortSignal;
}

/** How a watch went. Times are milliseconds from its beginning. */
export interface Followed {
  readonly head: Head | undefined;
  readonly responses: readonly { readonly ms: number; readonly response: WatchResponse }[];
  /** `enough`: left by us; `late`: given up; `own`: this side's fetch has ended it. */
  readonly end: "status" | "cut" | "enough" | "late" | "own";
  readonly status: Status | undefined;
  readonly endMs: number;
}

/** Opens a watch and notes all that comes, and when. Rejects only when the examination is broken off. */
export async function follow(examination: Examination, options: FollowOptions): Promise<Followed> {
  const { platform, signal: ended } = examination;
  const { signal, abort, unlink } = linkSignals(ended, options.signal);
  const cancel = platform.setTimeout(() => abort(late), options.giveUpMs);
  const begun = platform.now();
  const responses: { ms: number; response: WatchResponse }[] = [];
  let head: Head | undefined;
  const done = (end: Followed["end"], status?: Status): Followed => {
    return { head, responses, end, status, endMs: platform.now() - begun };
  };
  try {
    const exchange = await untilAborted(open(examination, options, signal), signal);
    head = exchange.head;
    if (head !== undefined && !isGrpcWeb(head)) return done("cut");
    const steps = exchange.steps[Symbol.asyncIterator]();
    for (;;) {
      const { value: step, done: isOver } = await untilAborted(steps.next(), signal);
      if (isOver) return done("cut");
      if (step.kind === "cut") return done(isOwn(step.error) ? "own" : "cut");
      if (step.kind === "status") return done("status", step.status);
      const response = fromBinary(WatchResponseSchema, step.data);
      responses.push({ ms: platform.now() - begun, response });
      if (options.onResponse?.(response, platform.now() - begun)) return done("enough");
    }
  } catch {
    ended.throwIfAborted();
    if (options.signal?.aborted) return done("enough");
    return done(signal.reason === late ? "late" : "cut");
  } finally {
    abort(undefined);
    cancel();
    unlink();
  }
}

const late = new Error("late");

/** Node's fetch ends an answer on which nothing has come for 300 s: that is no proxy's doing. */
function isOwn(error: unknown): boolean {
  return systemCode(error) === "UND_ERR_BODY_TIMEOUT";
}

function open(examination: Examination, options: FollowOptions, signal: AbortSignal): ReturnType<Examination["open"]> {
  const { key, headersFor } = examination;
  const value = { key, progressNotify: options.progressNotify ?? false, ...options.from };
  const request = create(WatchRequestSchema, { requestUnion: { case: "createRequest", value } });
  const headers = headersFor({
    hasleader: "true",
    ...(options.lastsMs === undefined ? {} : { "grpc-timeout": `${Math.ceil(options.lastsMs)}m` }), // whole, as gRPC has it
  });
  return examination.open(Watch.method.watch, [encode(Watch.method.watch, request)], { headers, signal });
}
