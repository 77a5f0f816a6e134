import type { View } from "./view.ts";

/** Whether a view shows more than its defaults. */
export function hasContent(view: View<unknown>): boolean {
  return view.getSnapshot().source !== "default";
}

/** Resolves when a view has something to show. What a storage tells later comes before what is live, and is enough. */
export async function untilContent(view: View<unknown>, timeoutMs?: number): Promise<void> {
  if (hasContent(view)) return;
  const enough = new AbortController();
  const leave = view.subscribe(() => {
    if (hasContent(view)) enough.abort();
  });
  try {
    await view.ready({ signal: enough.signal, timeoutMs });
  } catch (error) {
    if (!enough.signal.aborted) throw error;
  } finally {
    leave();
  }
}
