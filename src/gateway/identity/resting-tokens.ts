import type { TokenSource } from "../../transport/token-source.ts";

/** How long nobody asks again after a failure: a refused password costs etcd as much time as a good one, on purpose. */
const restMs = 1_000;

/** As `source`, but after a failure every call within a second is told the same, and etcd is left alone. */
export function resting(source: TokenSource, now: () => number): TokenSource {
  let failure: { readonly at: number; readonly error: unknown } | undefined;
  async function ask(get: () => Promise<string>, signal: AbortSignal): Promise<string> {
    if (failure !== undefined && now() - failure.at < restMs) throw failure.error;
    try {
      const token = await get();
      failure = undefined;
      return token;
    } catch (error) {
      if (!signal.aborted) failure = { at: now(), error };
      throw error;
    }
  }
  return {
    token: (signal) => ask(() => source.token(signal), signal),
    renew: (rejected, signal) => ask(() => source.renew(rejected, signal), signal),
  };
}
