import { createEtcdOn } from "../../src/client/create-etcd.ts";
import { type Etcd, passwordAuth } from "../../src/index.ts";
import { globalPlatform, type Platform } from "../../src/platform/platform.ts";
import type { Credentials } from "../fixtures/etcd-users.ts";
import type { Path } from "./path.ts";

/** Where a client under test runs: a machine that can sleep, with its own way to the proxy. */
export class Device {
  readonly path: Path;
  /** What its client takes from it. */
  readonly platform: Platform = this.#createPlatform();
  /** How often its client has signed in. */
  signIns = 0;
  readonly #wakers = new Set<() => void>();
  /** Timers that came due in its sleep. */
  readonly #overdue = new Set<() => void>();
  #sleeping = Promise.withResolvers<void>();
  #asleep = false;

  constructor(path: Path) {
    this.path = path;
  }

  /** A client that runs on it. */
  createEtcd(user: Credentials): Etcd {
    return createEtcdOn(this.platform, { endpoints: this.path.url, auth: passwordAuth(user) });
  }

  /** Timers and network stand still; the clock goes on. */
  sleep(): void {
    this.path.hold();
    this.#asleep = true;
  }

  /** Its timers run, and its page hears that it was asleep: in this order, or the other way round. */
  wake(timersFirst: boolean): void {
    this.#asleep = false;
    this.#sleeping.resolve();
    this.#sleeping = Promise.withResolvers();
    const hear = (): void => {
      for (const run of [...this.#wakers]) run();
    };
    const runTimers = (): void => {
      for (const run of this.#overdue) run();
    };
    for (const step of timersFirst ? [runTimers, hear] : [hear, runTimers]) step();
  }

  /** The network is back, some time after the rest. */
  connect(): void {
    this.path.letGo();
  }

  #createPlatform(): Platform {
    return {
      ...globalPlatform,
      setTimeout: (run, ms) => {
        const once = (): void => {
          this.#overdue.delete(once);
          run();
        };
        const cancel = globalPlatform.setTimeout(() => {
          if (this.#asleep) this.#overdue.add(once);
          else run();
        }, ms);
        return () => {
          cancel();
          this.#overdue.delete(once);
        };
      },
      onWake: (run) => {
        this.#wakers.add(run);
        return () => this.#wakers.delete(run);
      },
      fetch: async (input, init) => {
        if (this.#asleep) await this.#sleeping.promise;
        if (String(input).endsWith("/Authenticate")) this.signIns++;
        return await fetch(input, init);
      },
    };
  }
}
