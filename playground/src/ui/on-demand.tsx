import { type ComponentType, lazy, Suspense } from "react";
import { sharedValue } from "./shared-value.ts";

/** Something that opens over the page. */
export interface OnDemand {
  readonly open: () => void;
  readonly toggle: () => void;
  /** Where it appears; once, in the shell. */
  readonly Host: ComponentType;
}

/** One whose code is loaded when it is asked for. */
export function onDemand(load: () => Promise<ComponentType<{ readonly onClose: () => void }>>): OnDemand {
  const Content = lazy(async () => ({ default: await load() }));
  const shown = sharedValue(false);
  return {
    open: () => shown.set(true),
    toggle: () => shown.set(!shown.get()),
    Host: () =>
      shown.use() ? (
        <Suspense>
          <Content onClose={() => shown.set(false)} />
        </Suspense>
      ) : null,
  };
}
