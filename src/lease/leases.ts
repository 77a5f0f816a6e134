import { own } from "../base/bytes.ts";
import { EtcdError, isEtcdError } from "../base/errors.ts";
import { toResult } from "../base/json.ts";
import { toLeaseId } from "../base/lease-ref.ts";
import { toCount } from "../base/numbers.ts";
import { linkSignals, untilAborted } from "../base/signals.ts";
import { Lease as LeaseService } from "../gen/etcdserverpb/lease_pb.ts";
import type { Platform } from "../platform/platform.ts";
import { type Caller, type CallOptions, toTimeout } from "../transport/caller.ts";
import { toEtcdError } from "../transport/to-etcd-error.ts";
import { LeaseKeeper } from "./keeper.ts";
import type { Lease, LeaseOptions, TimeToLive } from "./lease.ts";

/** What leases need of their client. */
export interface LeaseContext {
  readonly caller: Caller;
  readonly platform: Platform;
  /** For calls that do not say. */
  readonly timeoutMs: number;
  /** Aborted when the client is closed. */
  readonly closed: AbortSignal;
  /** Whether keep-alives ask for a member that has a leader. */
  readonly requireLeader: boolean;
}

/** A new lease, kept alive unless told not to. */
export async function grantLease(context: LeaseContext, options: LeaseOptions): Promise<Lease> {
  const request = { TTL: toCount(options.ttlSeconds, "ttlSeconds"), ID: toLeaseId(options.id) };
  if (request.TTL === 0n) throw new EtcdError("invalid-argument", "ttlSeconds must be 1 or more");
  const sentAt = context.platform.now();
  const granted = await context.caller.write(LeaseService.method.leaseGrant, request, options);
  const lease = new KeptLease(context, granted.ID, { ttlSeconds: Number(granted.TTL), sentAt });
  if (options.keepAlive ?? true) lease.keep();
  return lease;
}

/** One sign of life: the seconds the lease has then. */
async function keepAlive(context: LeaseContext, id: bigint, options: CallOptions): Promise<number> {
  const timeoutMs = toTimeout(options.timeoutMs ?? context.timeoutMs);
  const headers = new Headers(options.headers);
  const done = new AbortController();
  const { signal, unlink } = linkSignals(options.signal, context.closed, done.signal);
  const late = new EtcdError("timeout", `no answer within ${timeoutMs} ms`);
  const cancel = timeoutMs === 0 ? () => {} : context.platform.setTimeout(() => done.abort(late), timeoutMs);
  if (context.requireLeader) headers.set("hasleader", "true");
  try {
    const answers = await context.caller.stream(LeaseService.method.leaseKeepAlive, [{ ID: id }], { signal, headers });
    return await untilAborted(firstTtl(answers, id), signal);
  } catch (error) {
    throw toEtcdError(error, { what: "Lease.LeaseKeepAlive", write: false, signal });
  } finally {
    cancel();
    unlink();
  }
}

// Read to the end, so that nothing has to be aborted: etcd ends the stream when it has answered.
async function firstTtl(answers: AsyncIterable<{ readonly TTL: bigint }>, id: bigint): Promise<number> {
  let ttl: bigint | undefined;
  for await (const answer of answers) ttl ??= answer.TTL;
  if (ttl === undefined)
    throw new EtcdError(
      "unavailable",
      `Lease ${id}: the server did not answer its keep-alive. etcd's grpc-proxy does so: go to etcd itself`,
    );
  if (ttl <= 0n) throw new EtcdError("lease-lost", `Lease ${id}: it has expired or was revoked`);
  return Number(ttl);
}

class KeptLease implements Lease {
  readonly #context: LeaseContext;
  readonly #keeper: LeaseKeeper;
  readonly #onClosed: () => void;
  readonly id: bigint;
  readonly ttlSeconds: number;

  constructor(context: LeaseContext, id: bigint, grant: { readonly ttlSeconds: number; readonly sentAt: number }) {
    this.#context = context;
    this.id = id;
    this.ttlSeconds = grant.ttlSeconds;
    this.#keeper = new LeaseKeeper(context.platform, id, grant, (signal, timeoutMs) =>
      keepAlive(context, id, { signal, timeoutMs }),
    );
    this.#onClosed = () => this.#keeper.end(context.closed.reason);
    context.closed.addEventListener("abort", this.#onClosed, { once: true });
    this.signal.addEventListener("abort", () => context.closed.removeEventListener("abort", this.#onClosed), {
      once: true,
    });
    if (context.closed.aborted) this.#onClosed();
  }

  get signal(): AbortSignal {
    return this.#keeper.signal;
  }

  keep(): void {
    void this.#keeper.run();
  }

  async timeToLive(options: CallOptions & { readonly keys?: boolean | undefined } = {}): Promise<TimeToLive> {
    const request = { ID: this.id, keys: options.keys ?? false };
    const { TTL, grantedTTL, keys } = await this.#context.caller.read(
      LeaseService.method.leaseTimeToLive,
      request,
      options,
    );
    return toResult({ ttlSeconds: Number(TTL), grantedTtlSeconds: Number(grantedTTL), keys: keys.map(own) });
  }

  async keepAliveOnce(options: CallOptions = {}): Promise<number> {
    const sentAt = this.#context.platform.now();
    try {
      const ttlSeconds = await keepAlive(this.#context, this.id, options);
      this.#keeper.alive(sentAt, ttlSeconds);
      return ttlSeconds;
    } catch (error) {
      if (isEtcdError(error, "lease-lost")) this.#keeper.end(error);
      throw error;
    }
  }

  release(): void {
    this.#keeper.release();
  }

  async revoke(options: CallOptions = {}): Promise<void> {
    this.#keeper.release();
    try {
      await this.#context.caller.write(LeaseService.method.leaseRevoke, { ID: this.id }, options);
    } catch (error) {
      if (!isEtcdError(error, "lease-not-found")) throw error;
    }
    this.#keeper.end(new EtcdError("closed", `Lease ${this.id}: revoked`));
  }

  async close(): Promise<void> {
    if (!this.signal.aborted) await this.revoke();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}
