import { afterSleep, type Clock, longestTimerMs, throughSleep } from "./clock.ts";

/** What the library takes from its surroundings; replaced in tests. */
export interface Platform extends Clock {
  /** At least 0, below 1. */
  random(): number;
  /** The HTTP client. */
  fetch: typeof fetch;
  /** Calls `run` when the page or the machine wakes or the network comes back, until the function returned is called. */
  onWake(run: () => void): () => void;
  /** The page's origin; undefined where there is no page, and so no cross-origin rule. */
  readonly origin: string | undefined;
}

const steady = (): number => performance.now();

/** The platform the program runs on. Everything is looked up when it is used: a Worker allows little at module scope. */
export const globalPlatform: Platform = {
  now: throughSleep(steady, () => Date.now()),
  setTimeout(run, ms) {
    const wait = (): void => {
      left -= waited;
      waited = Math.min(left, longestTimerMs);
      timer = setTimeout(left > longestTimerMs ? wait : run, waited);
    };
    let [left, waited] = [Math.max(0, ms), 0];
    let timer: ReturnType<typeof setTimeout>;
    wait();
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
  fetch: (input, init) => fetch(input, init),
  onWake(run) {
    if (!("addEventListener" in globalThis)) return () => {};
    const stop = new AbortController();
    const { signal } = stop;
    for (const event of ["online", "pageshow"]) globalThis.addEventListener(event, run, { signal });
    const page = "document" in globalThis ? globalThis.document : undefined;
    const onVisibility = (): void => {
      if (page?.visibilityState === "visible") run();
    };
    page?.addEventListener("visibilitychange", onVisibility, { signal });
    page?.addEventListener("resume", run, { signal }); // thawed, and hidden still
    if (page) signal.addEventListener("abort", afterSleep(globalPlatform, steady, run));
    return () => stop.abort();
  },
  get origin() {
    // A worker of a page has a location but no document; Deno has one only with --location, and no cross-origin rule.
    const page = "document" in globalThis || "WorkerGlobalScope" in globalThis;
    return page && !("Deno" in globalThis) ? globalThis.location?.origin : undefined;
  },
};

/** Resolves after `ms` milliseconds, or as soon as `signal` aborts; never rejects. */
export function sleep(platform: Pick<Platform, "setTimeout">, ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const wake = (): void => {
      cancel();
      signal.removeEventListener("abort", wake);
      resolve();
    };
    const cancel = platform.setTimeout(wake, ms);
    signal.addEventListener("abort", wake, { once: true });
  });
}
