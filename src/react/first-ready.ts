import { hasContent, untilContent } from "../live/first-content.ts";
import type { View } from "../live/view.ts";
import { globalPlatform } from "../platform/platform.ts";

interface Asked {
  readonly ready: Promise<unknown>;
  /** When it failed. */
  failedAt?: number;
}

/** Milliseconds that a failure is held: React asks again at once, an error boundary when it is told to. */
const holdMs = 1_000;

const asked = new WeakMap<object, Asked>();

/** Resolves when a view has something to show: one promise for all renders, as `use` wants it. */
export function firstReady(view: View<unknown>): Promise<unknown> {
  const before = asked.get(view);
  if (before !== undefined && !isOver(before)) return before.ready;
  const now: Asked = { ready: hasContent(view) ? there() : untilContent(view) };
  now.ready.catch(() => {
    now.failedAt = globalPlatform.now();
  });
  asked.set(view, now);
  return now.ready;
}

function isOver({ failedAt }: Asked): boolean {
  return failedAt !== undefined && globalPlatform.now() - failedAt > holdMs;
}

/** What React reads at once, without waiting for a promise that it does not know. */
function there(): Promise<unknown> {
  return Object.assign(Promise.resolve(), { status: "fulfilled", value: undefined });
}
