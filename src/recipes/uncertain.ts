import { isEtcdError } from "../base/errors.ts";
import type { CallOptions } from "../transport/caller.ts";
import { limited, type Part, type Terms } from "./limit.ts";
import { type Pauses, persistently } from "./persist.ts";

/** How long to ask what became of a write. */
const askMs = 10_000;

/** Runs a write. Where its answer is lost, and `hasRun` finds no trace of it either, its error stands. */
export async function tellingApart(
  terms: Terms & { readonly platform: Pauses },
  write: () => Promise<boolean>,
  hasRun: (part: Part) => Promise<boolean>,
  { signal, headers }: CallOptions,
): Promise<boolean> {
  try {
    return await write();
  } catch (error) {
    if (!isEtcdError(error) || !error.mayHaveRun) throw error;
    const ask = (part: Part): Promise<boolean> => persistently(terms.platform, part.signal, () => hasRun(part));
    const ran = limited(terms, { signal, headers, timeoutMs: askMs }, ask);
    if (await ran.catch(() => false)) return true;
    throw error;
  }
}
