import { use, useMemo, useSyncExternalStore } from "react";
import type { View, ViewSnapshot } from "../live/view.ts";
import { firstReady } from "./first-ready.ts";

/** How a component reads a view. */
export interface UseViewOptions<T, S> {
  /** What of it the component shows: it renders again only where that is another by `Object.is`. Default: everything. */
  readonly select?: ((snapshot: ViewSnapshot<T>) => S) | undefined;
  /**
   * Suspends while there is nothing but defaults: what is stored or was rendered by a server is shown at once. An error
   * that ends following the view goes to the error boundary; rendered again a second later, the view is asked again.
   * Default false.
   */
  readonly suspend?: boolean | undefined;
}

/**
 * What a view shows, now and after every change. Make the view outside of components, or in a `useState`: it does
 * nothing before a component shows it, and rests a while after the last one has gone.
 *
 * @example
 * ```ts
 * import { createElement } from "react";
 * import type { View } from "etcd-web/live";
 * import { useView } from "etcd-web/react";
 *
 * function Count({ services }: { services: View<string> }) {
 *   const count = useView(services, { select: ({ values }) => values.size, suspend: true });
 *   return createElement("output", null, count);
 * }
 * ```
 */
export function useView<T, S = ViewSnapshot<T>>(view: View<T>, options: UseViewOptions<T, S> = {}): S {
  const { select, suspend = false } = options;
  if (suspend) use(firstReady(view));
  const [present, served] = useMemo(() => [selecting(select), selecting(select)], [select]);
  return useSyncExternalStore(
    view.subscribe,
    () => present(view.getSnapshot()),
    () => served(view.getServerSnapshot()),
  );
}

/** Selects once a snapshot: React takes what differs for a change, and would render for ever. */
function selecting<T, S>(select = (snapshot: ViewSnapshot<T>): S => snapshot as S): (snapshot: ViewSnapshot<T>) => S {
  let last: { readonly snapshot: ViewSnapshot<T>; readonly selected: S } | undefined;
  return (snapshot) => {
    if (last?.snapshot !== snapshot) last = { snapshot, selected: select(snapshot) };
    return last.selected;
  };
}
