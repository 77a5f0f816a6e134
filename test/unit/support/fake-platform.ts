import type { Platform } from "../../../src/platform/platform.ts";

/** A platform whose time passes only when told to. */
export interface FakePlatform extends Platform {
  /** Lets `ms` milliseconds pass: due timers run in order, and what they set off settles between them. */
  pass(ms: number): Promise<void>;
  /** Lets `ms` milliseconds pass without any timer, as in a frozen page. */
  freeze(ms: number): void;
  /** Calls `check` whenever something has happened and settled. */
  afterEach(check: () => void): void;
  /** The page wakes. */
  wake(): void;
  /** Who waits for that. */
  readonly sleepers: number;
  /** Timers that are set. */
  readonly timers: number;
}

/** Time starts at 1000, so that a zero is not mistaken for a time. */
export function createFakePlatform(): FakePlatform {
  const timers = new Map<object, { readonly at: number; readonly run: () => void }>();
  const sleepers = new Set<() => void>();
  const checks: (() => void)[] = [];
  let now = 1000;
  const nextDue = (until: number): [object, { readonly at: number; readonly run: () => void }] | undefined =>
    [...timers].filter(([, { at }]) => at <= until).sort(([, a], [, b]) => a.at - b.at)[0];
  return {
    origin: undefined,
    onWake(run) {
      sleepers.add(run);
      return () => sleepers.delete(run);
    },
    freeze(ms) {
      now += ms;
    },
    wake() {
      for (const run of sleepers) run();
    },
    get sleepers() {
      return sleepers.size;
    },
    fetch: () => Promise.reject(new TypeError("There is no network here")),
    now: () => now,
    random: () => 1, // waits are as long as they can be
    setTimeout(run, ms) {
      const timer = {};
      timers.set(timer, { at: now + ms, run });
      return () => timers.delete(timer);
    },
    get timers() {
      return timers.size;
    },
    afterEach: (check) => void checks.push(check),
    async pass(ms) {
      const end = now + ms;
      const settled = async (): Promise<void> => {
        await settle();
        for (const check of checks) check();
      };
      await settled();
      for (let due = nextDue(end); due !== undefined; due = nextDue(end)) {
        const [timer, { at, run }] = due;
        timers.delete(timer);
        now = Math.max(now, at);
        run();
        await settled();
      }
      now = end;
    },
  };
}

/** Lets everything settle that waits for nothing but promises: a macrotask comes after all microtasks. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 10; i++) await new Promise((resolve) => setImmediate(resolve));
}
