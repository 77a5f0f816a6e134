import { useMemo, useSyncExternalStore } from "react";
import { EtcdError } from "../base/errors.ts";
import type { View } from "../live/view.ts";
import { keyViewsOf } from "./key-views.ts";
import { type EtcdProviderProps, useProvided } from "./provider.ts";

/** A value for React: what it is, what a server shows, and when it changes. */
interface Source<T> {
  subscribe(listener: () => void): () => void;
  get(): T | undefined;
  served(): T | undefined;
}

/**
 * The value of a key, now and after every change of it; undefined where there is none, or not yet. It is read from the
 * view given, else from that of the nearest provider, where a key outside of its range is undefined; with neither, the
 * provider's client follows the key by itself, as text, once for all components that show it and until 5 seconds after
 * the last. Many keys cost less in one view. Throws "invalid-argument" where there is neither view nor provider.
 *
 * @example
 * ```ts
 * import { createElement } from "react";
 * import { useEtcdValue } from "etcd-web/react";
 *
 * function Banner() {
 *   const text = useEtcdValue("config/banner");
 *   return text === undefined ? null : createElement("p", null, text);
 * }
 * ```
 */
export function useEtcdValue<T = string>(
  key: string,
  options: { readonly view?: View<T> | undefined } = {},
): T | undefined {
  const provided = useProvided();
  const { view } = options;
  const source = useMemo(() => toSource(key, view, provided), [key, view, provided]);
  return useSyncExternalStore(source.subscribe, source.get, source.served);
}

function toSource<T>(
  key: string,
  given: View<T> | undefined,
  provided: Omit<EtcdProviderProps, "children"> | undefined,
): Source<T> {
  const view = given ?? (provided?.view as View<T> | undefined);
  if (view !== undefined) {
    const served = (): T | undefined => view.getServerSnapshot().values.get(key);
    return { subscribe: view.subscribe, get: () => view.get(key), served };
  }
  if (provided === undefined) {
    throw new EtcdError("invalid-argument", "useEtcdValue needs a view, or an EtcdProvider above its component");
  }
  const views = keyViewsOf(provided.etcd);
  return {
    subscribe: (listener) => views.subscribe(key, listener),
    get: () => views.get(key) as T | undefined,
    served: () => undefined,
  };
}
