import { asyncDispose } from "../base/async-dispose.ts";
import { EtcdError, isEtcdError } from "../base/errors.ts";
import { toResult } from "../base/json.ts";
import { toLeaseId } from "../base/lease-ref.ts";
import { toCount } from "../base/numbers.ts";
import type { Prefix } from "../base/prefix.ts";
import { linkSignals } from "../base/signals.ts";
import { Lease as LeaseService } from "../gen/etcdserverpb/lease_pb.ts";
import { type CallOptions, toTimeout } from "../transport/caller.ts";
import { keepAlive, lostByServer, unanswered } from "./keep-alive.ts";
import type { KeepAlives } from "./keep-alives.ts";
import type { LeaseKeeper } from "./keeper.ts";
import type { Lease, LeaseKeyspace, TimeToLive } from "./lease.ts";
import type { LeaseContext } from "./lease-context.ts";

/** Leases as a namespace sees them: all of them, with its own keys. */
export function createLeases(context: LeaseContext, keepAlives: KeepAlives, prefix: Prefix): LeaseKeyspace {
  return {
    async lease(options) {
      const request = { TTL: toCount(options.ttlSeconds, "ttlSeconds"), ID: toLeaseId(options.id) };
      if (request.TTL === 0n) throw new EtcdError("invalid-argument", "ttlSeconds must be 1 or more");
      const sentAt = context.platform.now();
      const { ID, TTL } = await context.caller.write(LeaseService.method.leaseGrant, request, options);
      const grant = { sentAt, ttlSeconds: Number(TTL) };
      return new ClientLease(context, prefix, keepAlives.add(ID, options.keepAlive ?? true, grant));
    },
    leases: {
      attach(id, { keepAlive = true } = {}) {
        const leaseId = toLeaseId(id);
        if (leaseId === 0n) throw new EtcdError("invalid-argument", "The lease must not be 0: that is no lease");
        return new ClientLease(context, prefix, keepAlives.add(leaseId, keepAlive));
      },
      async list(options) {
        const { leases } = await context.caller.read(LeaseService.method.leaseLeases, {}, options);
        return leases.map(({ ID }) => ID);
      },
    },
  };
}

class ClientLease implements Lease {
  readonly #context: LeaseContext;
  readonly #prefix: Prefix;
  readonly #keeper: LeaseKeeper;
  readonly id: bigint;

  constructor(context: LeaseContext, prefix: Prefix, keeper: LeaseKeeper) {
    this.#context = context;
    this.#prefix = prefix;
    this.#keeper = keeper;
    this.id = keeper.id;
  }

  get ttlSeconds(): number {
    return this.#keeper.ttlSeconds;
  }

  get signal(): AbortSignal {
    return this.#keeper.signal;
  }

  async timeToLive(options: CallOptions & { readonly keys?: boolean | undefined } = {}): Promise<TimeToLive> {
    const { caller, platform } = this.#context;
    const request = { ID: this.id, keys: options.keys ?? false };
    const sentAt = platform.now();
    const answer = await caller.read(LeaseService.method.leaseTimeToLive, request, options);
    const [ttlSeconds, grantedTtlSeconds] = [Number(answer.TTL), Number(answer.grantedTTL)];
    // A leader that is new gives more than was granted, or much more (etcd-io/etcd#17642).
    const prolonged = sentAt + Math.min(0, ttlSeconds - grantedTtlSeconds) * 1000;
    this.#keeper.told(prolonged, grantedTtlSeconds);
    const keys = answer.keys.filter((key) => this.#prefix.covers(key)).map((key) => this.#prefix.strip(key));
    return toResult({ ttlSeconds, grantedTtlSeconds, keys });
  }

  async keepAliveOnce(options: CallOptions = {}): Promise<number> {
    const { closed, platform, timeoutMs } = this.#context;
    const limitMs = toTimeout(options.timeoutMs ?? timeoutMs);
    if (isEtcdError(this.signal.reason, "lease-lost")) throw this.signal.reason;
    const done = new AbortController();
    const { signal, unlink } = linkSignals(options.signal, closed, done.signal);
    const late = new EtcdError("timeout", `no answer within ${limitMs} ms`);
    const cancel = limitMs === 0 ? () => {} : platform.setTimeout(() => done.abort(late), limitMs);
    const sentAt = platform.now();
    let ttl: number | undefined;
    try {
      await keepAlive(this.#context, [this.id], { signal, headers: options.headers }, (_, ttlSeconds) => {
        ttl = ttlSeconds;
      });
    } finally {
      cancel();
      unlink();
    }
    if (ttl === undefined) throw unanswered(this.id);
    this.#keeper.told(sentAt, ttl);
    if (ttl <= 0) throw lostByServer(this.id);
    return ttl;
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

  [asyncDispose](): Promise<void> {
    return this.close();
  }
}
