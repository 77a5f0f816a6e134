import { globalPlatform, sleep } from "../platform/platform.ts";

type Outcome<T> = { readonly value: T } | { readonly error: unknown };
interface Run<T> {
  readonly outcome: Promise<Outcome<T>>;
  readonly begunAt: number;
}

/** Milliseconds that another's run is waited for: more than any may take. */
const patience = 6_000;

/**
 * `begin`, run once for all who ask while it runs. A Worker ends what a request has begun when that request ends, and
 * tells those of other requests by a rejection of its own, or, before 2026, not at all: who waits for such a run begins
 * another.
 */
export function oneForAll<A extends readonly unknown[], T>(
  begin: (...given: A) => Promise<T>,
  patienceMs: number = patience,
): (...given: A) => Promise<T> {
  let running: Run<T> | undefined;
  const forget = (run: Run<T> | undefined): void => {
    if (running === run) running = undefined;
  };
  const patienceWith = ({ begunAt }: Run<T>): number => begunAt + patienceMs - globalPlatform.now();

  function run(given: A): Promise<Outcome<T>> {
    const outcome = begin(...given).then(
      (value) => ({ value }),
      (error: unknown) => ({ error }),
    );
    const mine = { outcome: outcome.finally(() => forget(mine)), begunAt: globalPlatform.now() };
    running = mine;
    return mine.outcome;
  }

  return async function ask(...given): Promise<T> {
    const others = running;
    const outcome = await (others === undefined ? run(given) : unlessLost(others.outcome, patienceWith(others)));
    if (outcome === undefined) {
      forget(others);
      return await ask(...given);
    }
    if ("error" in outcome) throw outcome.error;
    return outcome.value;
  };
}

/** An outcome never rejects: where it does, it is the platform's word that it will never come. */
async function unlessLost<T>(outcome: Promise<Outcome<T>>, patienceMs: number): Promise<Outcome<T> | undefined> {
  const heard = new AbortController();
  const late = sleep(globalPlatform, patienceMs, heard.signal).then(() => undefined);
  try {
    return await Promise.race([outcome, late]);
  } catch {
    return undefined;
  } finally {
    heard.abort();
  }
}
