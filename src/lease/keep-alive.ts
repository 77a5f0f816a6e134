import { EtcdError } from "../base/errors.ts";
import { untilAborted } from "../base/signals.ts";
import { Lease } from "../gen/etcdserverpb/lease_pb.ts";
import { type CallOptions, toHeaders } from "../transport/caller.ts";
import { toEtcdError } from "../transport/to-etcd-error.ts";
import type { LeaseContext } from "./lease-context.ts";

/**
 * Signs of life of several leases in one half-closed call. etcd answers them in order and then ends the stream;
 * `heard` gets each answer as it comes, so that what breaks the rest off does not cost it. Throws EtcdErrors only.
 */
export async function keepAlive(
  context: LeaseContext,
  ids: readonly bigint[],
  { signal, ...options }: Pick<CallOptions, "headers"> & { readonly signal: AbortSignal },
  heard: (id: bigint, ttlSeconds: number) => void,
): Promise<void> {
  const headers = toHeaders(options.headers);
  if (context.requireLeader) headers.set("hasleader", "true");
  const requests = ids.map((ID) => ({ ID }));
  // Read to the end, so that nothing has to be aborted.
  const call = async (): Promise<void> => {
    const answers = await context.caller.stream(Lease.method.leaseKeepAlive, requests, { signal, headers });
    for await (const { ID, TTL } of answers) heard(ID, Number(TTL));
  };
  try {
    await untilAborted(call(), signal);
  } catch (error) {
    throw toEtcdError(error, { what: "Lease.LeaseKeepAlive", write: false, signal });
  }
}

/** The server has said that there is no such lease. */
export function lostByServer(id: bigint): EtcdError {
  return new EtcdError("lease-lost", `Lease ${id}: it has expired or was revoked`);
}

/** The call ended well, and without the lease's answer. */
export function unanswered(id: bigint): EtcdError {
  return new EtcdError(
    "unavailable",
    `Lease ${id}: the server did not answer its keep-alive. etcd's grpc-proxy does so: go to etcd itself`,
  );
}
