import type { EtcdError, EtcdErrorCode } from "../base/errors.ts";
import type { Clock } from "../platform/clock.ts";
import { isStaleToken } from "../transport/token-source.ts";
import type { Follower } from "./follower.ts";

/** What patience needs of its surroundings. */
export interface Surroundings {
  readonly platform: Pick<Clock, "now">;
  /** The next call may go to another. */
  readonly severalEndpoints?: boolean | undefined;
  /** There are tokens, and the next call has another. */
  readonly rejectToken?: (() => void) | undefined;
}

const passing: ReadonlySet<EtcdErrorCode> = new Set([
  "timeout",
  "unavailable",
  "no-leader",
  "cors-or-network",
  "rate-limited",
  "internal",
]);

/** What may be so for one method for ever, and not for another. */
const ofTheWay: ReadonlySet<EtcdErrorCode> = new Set(["cors-or-network", "not-grpc-web", "unknown"]);

/** Tokens that are tried in a row: so many, and for so long. A member that lags does not know the newest for a while. */
const renewals: Partial<Record<EtcdErrorCode, { readonly most: number; readonly forMs: number }>> = {
  unauthenticated: { most: 3, forMs: 20_000 },
  "permission-denied": { most: 1, forMs: 0 },
};
/** A member that starts can serve within seconds; behind a load balancer the next try may meet another. */
const patienceMs = 60_000;
/** Tries are never so far apart: the watch has been well meanwhile. */
const forgottenMs = 30_000;

/** Whether this says something of the way or the moment, nothing of the watch, the member or the caller. */
export function isPassing({ code }: EtcdError): boolean {
  return passing.has(code);
}

/** Which errors a watch outlives: passing ones always, those of a member or a token for a while. */
export class Patience {
  readonly #surroundings: Surroundings;
  /** How often they were refused for their token, one time after the other, and since when. */
  readonly #renewed = new WeakMap<Follower, { readonly times: number; readonly since: number }>();
  /** Since when a watch meets members that cannot serve it, and when it met the last. */
  readonly #tried = new WeakMap<Follower, { readonly since: number; readonly last: number }>();

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  /** The server has confirmed this watch. */
  confirmed(follower: Follower): void {
    this.#renewed.delete(follower);
  }

  /** Whether it goes on after what ended its stream, or the read before it. */
  withStream(follower: Follower, error: EtcdError): boolean {
    // A page instead of an answer, or words of nobody, are a wrong URL at first, but a proxy in trouble later.
    const strange = error.code === "not-grpc-web" || error.code === "unknown";
    if (strange && follower.wasOpen) return true;
    // etcd does not part what it has ready before it confirms a watch; the next try may find it slower.
    return this.withWatch(follower, error) || (error.code === "too-large" && this.#hasTime(follower));
  }

  /**
   * Whether a watch whose history is gone waits for the read that tells whether it has lost anything. The others wait with
   * it, and a way that lets streams through need not let this read through.
   */
  withRead(follower: Follower, error: EtcdError): boolean {
    return this.withStream(follower, error) && (!ofTheWay.has(error.code) || this.#hasTime(follower));
  }

  /** Whether it goes on after what the server said of this watch alone, or a read for it. */
  withWatch(follower: Follower, error: EtcdError): boolean {
    if (isPassing(error)) {
      this.#renewed.delete(follower);
      return true;
    }
    return this.#renews(follower, error) || (this.isOfMember(error) && this.#hasTime(follower));
  }

  /** Whether another member may do, or this one in a while. */
  isOfMember({ code, reason = "" }: EtcdError): boolean {
    if (code === "failed-precondition") return /not supported for learner|not capable/.test(reason);
    return code === "unknown" || (code === "unimplemented" && this.#surroundings.severalEndpoints === true);
  }

  #hasTime(follower: Follower): boolean {
    const last = this.#surroundings.platform.now();
    const before = this.#tried.get(follower);
    const since = before === undefined || last - before.last > forgottenMs ? last : before.since;
    this.#tried.set(follower, { since, last });
    return last - since < patienceMs;
  }

  /**
   * Whether another token may help. A member that has just restarted knows none of before, and after a while of trouble
   * the last one may have expired. etcd before 3.4.22 and 3.5.6 calls an expired token a lack of permission. A sign-in
   * that was refused is no token: made again and again, it would lock a user out somewhere.
   */
  #renews(follower: Follower, { code, reason }: EtcdError): boolean {
    const { rejectToken, platform } = this.#surroundings;
    const limit = renewals[code];
    if (rejectToken === undefined || limit === undefined) return false;
    const { times, since } = this.#renewed.get(follower) ?? { times: 0, since: platform.now() };
    if (times >= limit.most && platform.now() - since >= limit.forMs) return false;
    if (code === "unauthenticated" && !isStaleToken(reason ?? "")) return false;
    this.#renewed.set(follower, { times: times + 1, since });
    rejectToken();
    return true;
  }
}
