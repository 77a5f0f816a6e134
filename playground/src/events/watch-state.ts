import type { KeyWindow } from "../keys/key-window.ts";
import type { Failure } from "../ui/failure.ts";
import type { News } from "./follow.ts";
import { type SeenEvent, toSeenEvent } from "./seen-event.ts";

/** What a watch has shown so far. */
export interface WatchState {
  /** Undefined until the watch is open. */
  readonly keys: KeyWindow | undefined;
  /** The newest first, of the last {@link heldEvents}. */
  readonly events: readonly SeenEvent[];
  /** Events since the watch began. */
  readonly seen: number;
  /** What the list shows while it is paused; undefined: it is not. */
  readonly held: Held | undefined;
  /** Why it ended; undefined while it goes on. */
  readonly failure: Failure | undefined;
}

/** A list held still, and how many events had been seen by then. */
export type Held = Pick<WatchState, "events" | "seen">;

/** What can happen to it. */
export type WatchAction =
  | { readonly type: "began" }
  | { readonly type: "news"; readonly news: News }
  | { readonly type: "failed"; readonly failure: Failure }
  | { readonly type: "cleared" }
  | { readonly type: "paused" }
  | { readonly type: "resumed" };

/** Events kept. */
export const heldEvents = 500;

export const newWatch: WatchState = { keys: undefined, events: [], seen: 0, held: undefined, failure: undefined };

export function reduceWatch(state: WatchState, action: WatchAction): WatchState {
  switch (action.type) {
    case "began":
      return newWatch;
    case "news":
      return withNews(state, action.news);
    case "failed":
      return { ...state, failure: action.failure };
    case "cleared":
      return { ...state, events: [], held: state.held && { events: [], seen: state.seen } };
    case "paused":
      return { ...state, held: { events: state.events, seen: state.seen } };
    case "resumed":
      return { ...state, held: undefined };
    default:
      return action satisfies never;
  }
}

function withNews(state: WatchState, { events, keys }: News): WatchState {
  const newest = events.slice(-heldEvents).map(toSeenEvent).reverse();
  return {
    ...state,
    keys,
    events: newest.length === 0 ? state.events : [...newest, ...state.events].slice(0, heldEvents),
    seen: state.seen + events.length,
  };
}
