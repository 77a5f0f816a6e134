import { type Etcd, EtcdError } from "etcd-web";
import { countOf } from "../../text/format.ts";
import { applyChanges } from "../../values/apply-changes.ts";
import type { Change } from "./plan.ts";

/** How far an import is. */
export interface ApplyProgress {
  readonly applied: number;
  readonly total: number;
}

/**
 * Makes the changes of a preview. Each is made only where its keys are still as they were then: else "conflict", and
 * nothing of that transaction has happened.
 */
export async function applyPlanned(
  etcd: Etcd,
  planned: readonly Change[],
  { signal, onProgress }: { readonly signal: AbortSignal; readonly onProgress: (progress: ApplyProgress) => void },
): Promise<void> {
  const changes = changesOf(planned);
  let applied = 0;
  const left = await applyChanges(etcd, changes, {
    signal,
    onApplied(count) {
      applied += count;
      onProgress({ applied, total: changes.length });
    },
  });
  if (left.length === 0) return;
  const what = countOf(left.length, "key was", "keys were");
  throw new EtcdError("conflict", `Somebody has changed a key since the preview; ${what} left alone. Preview again`);
}

/** What there is to do. */
export function changesOf(planned: readonly Change[]): readonly Change[] {
  return planned.filter(({ kind }) => kind !== "unchanged");
}
