import { useSyncExternalStore } from "react";

/** A value that the whole page shares: components that use it render anew when it changes. */
export interface SharedValue<T> {
  get(): T;
  set(next: T): void;
  /** The hook. */
  use(): T;
}

/** One that begins so. */
export function sharedValue<T>(initial: T): SharedValue<T> {
  const listeners = new Set<() => void>();
  let value = initial;
  const get = (): T => value;
  const subscribe = (listener: () => void): (() => void) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  };
  return {
    get,
    set(next) {
      value = next;
      for (const listener of listeners) listener();
    },
    use: () => useSyncExternalStore(subscribe, get),
  };
}
