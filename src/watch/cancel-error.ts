import { EtcdError, type EtcdErrorCode } from "../base/errors.ts";
import { findReason } from "../transport/reasons.ts";
import { codeOfStatus, withAdvice } from "../transport/to-etcd-error.ts";
import type { Step } from "./position.ts";

/** The error of a watch that the server has ended. */
export function toCancelError(step: Extract<Step, { kind: "compacted" | "canceled" }>): EtcdError {
  if (step.kind === "compacted") return compacted(step.compactRevision);
  if (step.reason === "") return withoutReason(step.refused);
  const { code, words } = parse(step.reason);
  return new EtcdError(code, withAdvice(code, `Watch: ${words}`), { reason: words });
}

function compacted(compactRevision: bigint): EtcdError {
  const text = `Watch: the history before revision ${compactRevision} has been compacted`;
  return new EtcdError("compacted", withAdvice("compacted", text), {
    compactRevision,
    reason: "etcdserver: mvcc: required revision has been compacted",
  });
}

// etcd gives a reason for every refusal; its grpc-proxy drops them, and ends watches whose upstream is lost without one.
function withoutReason(refused: boolean): EtcdError {
  if (refused) return new EtcdError("failed-precondition", "Watch: refused without a reason");
  return new EtcdError("unavailable", "Watch: ended by the server without a reason");
}

function parse(reason: string): { code: EtcdErrorCode; words: string } {
  const [, status = "", words = reason] = /^rpc error: code = (\w+) desc = (.*)$/s.exec(reason) ?? [];
  return { code: findReason(words)?.code ?? codeOfStatus(status), words };
}
