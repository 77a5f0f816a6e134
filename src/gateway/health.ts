import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { KV } from "../gen/etcdserverpb/kv_pb.ts";

/** How etcd behind the gateway does. */
export type Health = { readonly healthy: true } | { readonly healthy: false /** In words. */; readonly reason: string };

/** How long etcd may take to answer; a member without a leader would wait longer. */
const patienceMs = 2_000;
/** How long an answer holds, so that who asks often does not ask etcd. */
const freshMs = 1_000;

/** Answers of etcd that say no, as a healthy one may: to who has no token, for example. */
const alive = new Set([Code.PermissionDenied, Code.Unauthenticated, Code.InvalidArgument]);

/** Asks, for all that want to know at a time once, whether etcd answers a linearizable read. */
export function createHealth(transport: Transport, now: () => number): () => Promise<Health> {
  let asked: { readonly at: number; readonly health: Promise<Health> } | undefined;
  return () => {
    if (asked === undefined || now() - asked.at >= freshMs) asked = { at: now(), health: ask(transport) };
    return asked.health;
  };
}

async function ask(transport: Transport): Promise<Health> {
  const request = { key: Uint8Array.of(0), countOnly: true };
  try {
    await transport.unary(KV.method.range, AbortSignal.timeout(patienceMs + 500), patienceMs, undefined, request);
    return { healthy: true };
  } catch (error) {
    const { code, rawMessage } = ConnectError.from(error);
    if (alive.has(code)) return { healthy: true };
    const late = code === Code.DeadlineExceeded;
    return { healthy: false, reason: late ? `no answer within ${patienceMs / 1_000} seconds` : rawMessage };
  }
}
