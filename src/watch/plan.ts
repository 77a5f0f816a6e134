/** How many watches there are where. */
export interface Sizes {
  /** On the main stream, those that have left not counted; undefined: there is none. */
  readonly trunk: number | undefined;
  /** On the stream of those that came later; undefined: there is none. Never without a main one. */
  readonly young: number | undefined;
  /** On no stream yet. */
  readonly waiting: number;
  /** Streams of watches that could not follow to another. */
  readonly kept: number;
  /** Left, but still on the server. */
  readonly dead: number;
  /** Nobody has come or gone for a while. */
  readonly quiet: boolean;
  /** A stream may be dead, or is about to be cut: it is to be replaced. */
  readonly worn: boolean;
}

/** What to open next: a stream of those who wait and the young ones, one of everybody, or none. */
export type Plan = "nothing" | "young" | "all";

/**
 * A stream's set is fixed, so who comes makes a new one. With two streams the cheapest in the long run is to re-open the
 * small one until it has grown to the square root of twice the large one: n watches that come one by one cost about
 * √(2n) re-sent creates each, those that come together one. Who goes costs nothing until the dead outnumber the living.
 */
export function plan({ trunk, young, waiting, dead, kept, quiet, worn }: Sizes): Plan {
  if (trunk === undefined) return waiting > 0 ? "all" : "nothing";
  const living = trunk + (young ?? 0);
  if (worn || dead > living || (quiet && (dead > 0 || young !== undefined || waiting > 0))) return "all";
  if (waiting === 0) return "nothing";
  const small = waiting + (young ?? 0);
  // Two that are kept and a main one are all that there may be.
  return kept > 1 || small * small >= 2 * trunk ? "all" : "young";
}
