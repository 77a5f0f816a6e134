import { Code, ConnectError } from "@connectrpc/connect";
import { EtcdError, type EtcdErrorCode, isEtcdError } from "../base/errors.ts";
import { findReason, type Reason } from "./reasons.ts";
import { neverSent } from "./system-error.ts";

/** What was being done when it failed. */
export interface Attempt {
  /** For the message: `KV.Put`. */
  readonly what: string;
  /** Whether it could have changed anything. */
  readonly write: boolean;
  /** Aborted: the reason is the caller's. */
  readonly signal?: AbortSignal | undefined;
}

const byCode: Readonly<Record<Code, Reason>> = {
  [Code.Canceled]: { code: "unavailable", mayHaveRun: true },
  [Code.Unknown]: { code: "unknown", mayHaveRun: true },
  [Code.InvalidArgument]: { code: "invalid-argument", mayHaveRun: false },
  [Code.DeadlineExceeded]: { code: "timeout", mayHaveRun: true },
  [Code.NotFound]: { code: "failed-precondition", mayHaveRun: false },
  [Code.AlreadyExists]: { code: "already-exists", mayHaveRun: false },
  [Code.PermissionDenied]: { code: "permission-denied", mayHaveRun: false },
  [Code.ResourceExhausted]: { code: "rate-limited", mayHaveRun: false },
  [Code.FailedPrecondition]: { code: "failed-precondition", mayHaveRun: false },
  [Code.Aborted]: { code: "unavailable", mayHaveRun: true },
  [Code.OutOfRange]: { code: "invalid-argument", mayHaveRun: false },
  [Code.Unimplemented]: { code: "unimplemented", mayHaveRun: false },
  [Code.Internal]: { code: "internal", mayHaveRun: true },
  [Code.Unavailable]: { code: "unavailable", mayHaveRun: true },
  [Code.DataLoss]: { code: "corrupt", mayHaveRun: true },
  [Code.Unauthenticated]: { code: "unauthenticated", mayHaveRun: false },
};

/** What a gRPC status means where words do not tell, by its name as Go prints it; "unknown" for any other. */
export function codeOfStatus(name: string): EtcdErrorCode {
  const status = Object.hasOwn(Code, name) ? Code[name as keyof typeof Code] : Code.Unknown;
  return byCode[status].code;
}

const advice: Partial<Record<EtcdErrorCode, string>> = {
  unauthenticated: "Sign in, or sign in again",
  "permission-denied": "The user's roles do not cover this key range",
  compacted: "That revision is gone: read the present one and go on from there",
  "too-large": "etcd takes 1.5 MiB in a request unless it is started with a larger --max-request-bytes",
  "no-space": "Compact and defragment, then disarm the alarm",
  unimplemented: "The server is too old for this call, or the proxy does not pass it on",
  "no-leader": "The cluster has no leader at the moment",
};

/** Any error of a transport as the library's own: the only place where foreign errors are read. */
export function toEtcdError(error: unknown, attempt: Attempt): EtcdError {
  if (attempt.signal?.aborted) return toAbortError(attempt.signal.reason, attempt);
  if (isEtcdError(error)) return error;
  const connectError = ConnectError.from(error);
  const { cause } = connectError;
  if (isEtcdError(cause)) return ofAttempt(cause, { ...attempt, write: attempt.write && cause.mayHaveRun });
  if (connectError.code === Code.DeadlineExceeded) return timeout(connectError, attempt);
  if (!fromServer(connectError) || neverSent(connectError)) return lost(connectError, attempt);
  const found = findReason(connectError.rawMessage) ?? byCode[connectError.code];
  return new EtcdError(found.code, withAdvice(found.code, `${attempt.what}: ${connectError.rawMessage}`), {
    cause: error,
    mayHaveRun: attempt.write && found.mayHaveRun,
    reason: connectError.rawMessage,
  });
}

/** Whether another endpoint may do what this one has failed at. */
export function blamesEndpoint({ code, retryable, reason }: EtcdError): boolean {
  if (code === "not-grpc-web" || reason === "etcdserver: rpc not supported for learner") return true;
  return retryable && code !== "rate-limited";
}

/** The error of a call whose signal was aborted, by the caller, a time-out of theirs, or the closed client. */
export function toAbortError(reason: unknown, attempt: Attempt): EtcdError {
  if (isEtcdError(reason)) return ofAttempt(reason, attempt);
  const timedOut = reason instanceof Error && reason.name === "TimeoutError";
  return new EtcdError(
    timedOut ? "timeout" : "aborted",
    `${attempt.what}: ${timedOut ? "timed out" : "aborted"} by its signal`,
    {
      cause: reason,
      mayHaveRun: attempt.write,
    },
  );
}

/** `text`, with what to do about it where that is known. A gateway that refuses a call says itself what would allow it. */
export function withAdvice(code: EtcdErrorCode, text: string): string {
  const known = advice[code];
  return known === undefined || /\bpolicy\.\w|'s policy/.test(text) ? text : `${text}. ${known}`;
}

// Connect keeps what fetch or the body's reader threw as `cause`, even where that is a string. An error read from the
// answer has none; nor has Connect's own word for a body that ends too early.
function fromServer(error: ConnectError): boolean {
  return error.cause === undefined && !/^(missing trailer|protocol error: )/.test(error.rawMessage);
}

// Every engine words a lost connection differently, and all of them arrive as Code.Unknown.
function lost(error: ConnectError, attempt: Attempt): EtcdError {
  const unsent = neverSent(error);
  const how = unsent ? "the endpoint could not be reached" : "the connection was lost before the answer was whole";
  return new EtcdError("unavailable", `${attempt.what}: ${how} (${error.rawMessage})`, {
    cause: error,
    mayHaveRun: attempt.write && !unsent,
  });
}

// Our own clock's word is Connect's; any other is the server's.
function timeout(error: ConnectError, attempt: Attempt): EtcdError {
  const ours = error.rawMessage === "the operation timed out.";
  return new EtcdError("timeout", `${attempt.what}: ${ours ? "no answer within timeoutMs" : error.rawMessage}`, {
    cause: error,
    mayHaveRun: attempt.write,
    ...(ours ? {} : { reason: error.rawMessage }),
  });
}

// An error made where the call is not known (by fetch, by who aborts) gets the call's name, and whether it may have run.
function ofAttempt(error: EtcdError, attempt: Attempt): EtcdError {
  return new EtcdError(error.code, `${attempt.what}: ${error.message}`, {
    cause: error.cause ?? error,
    mayHaveRun: attempt.write,
    ...(error.reason === undefined ? {} : { reason: error.reason }),
  });
}
