import type { Etcd } from "etcd-web";
import { useEffect, useReducer, useState } from "react";
import { fromPrintable } from "../text/printable.ts";
import { toFailure } from "../ui/failure.ts";
import { follow } from "./follow.ts";
import { newWatch, reduceWatch, type WatchAction, type WatchState } from "./watch-state.ts";

/** A watch in a component. */
export interface UsedWatch extends WatchState {
  clear(): void;
  /** Holds the list still, or lets it go; the watch goes on. */
  togglePause(): void;
  /** After it failed. */
  again(): void;
}

/** Watches a prefix for as long as the component lives; another client or prefix begins another watch. */
export function useWatch(etcd: Etcd, prefix: string): UsedWatch {
  const [state, dispatch] = useReducer(reduceWatch, newWatch);
  const [turn, setTurn] = useState(0);
  // `turn` is not read: a new one is the wish for a new watch.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const stop = new AbortController();
    void run(etcd, prefix, stop.signal, dispatch);
    return () => stop.abort();
  }, [etcd, prefix, turn]);
  return {
    ...state,
    clear: () => dispatch({ type: "cleared" }),
    togglePause: () => dispatch({ type: state.held ? "resumed" : "paused" }),
    again: () => setTurn((before) => before + 1),
  };
}

/** One watch from its beginning to its end; never rejects. */
async function run(
  etcd: Etcd,
  prefix: string,
  signal: AbortSignal,
  dispatch: (action: WatchAction) => void,
): Promise<void> {
  // A watch that was replaced may still have something to say.
  const tell = (action: WatchAction): void => {
    if (!signal.aborted) dispatch(action);
  };
  tell({ type: "began" });
  try {
    await follow(etcd, fromPrintable(prefix), signal, (news) => tell({ type: "news", news }));
  } catch (error) {
    tell({ type: "failed", failure: toFailure(error) });
  }
}
