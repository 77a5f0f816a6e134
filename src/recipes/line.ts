import { toPrintable } from "../base/bytes.ts";
import type { CallOptions } from "../transport/caller.ts";
import type { Ground, Spot } from "./ask.ts";
import { limited, type Part, type Terms } from "./limit.ts";
import { Place } from "./place.ts";
import type { Turns } from "./turns.ts";

/** What lines need of a session. */
export interface Standing extends Ground {
  /** Aborts when the session is over. */
  readonly signal: AbortSignal;
  /** Of all sessions of the client. */
  readonly turns: Turns;
  /** The name of a key's turns: among those of all leases and namespaces. */
  nameOf(key: Uint8Array): string;
  /** Places that the session has to give up when it ends before its lease. */
  readonly places: Set<Place>;
}

/** A place at the head. */
export interface Head {
  readonly place: Place;
  readonly revision: bigint;
  /** The value it had, where it was there before it was asked for. */
  readonly found: Uint8Array | undefined;
}

/** Stands in line until nobody is ahead. Whatever else ends the waiting takes the key away again. */
export async function stand(session: Standing, spot: Spot, options?: CallOptions): Promise<Head> {
  return limited(termsOf(session, spot), options, async (part) => {
    const endTurn = await session.turns.take(session.nameOf(spot.key), part.signal);
    return orAbandon(enter(session, spot, endTurn, part), async (place) => {
      const joined = await place.joined(part.signal);
      if (joined === undefined) throw place.lost();
      if (!joined.first) await place.untilFirst(joined.revision, part);
      return { place, ...joined };
    });
  });
}

/** Stands at the head if nobody is there; otherwise it was never there. */
export async function tryStand(session: Standing, spot: Spot, options?: CallOptions): Promise<Head | undefined> {
  return limited(termsOf(session, spot), options, async (part) => {
    const endTurn = session.turns.tryTake(session.nameOf(spot.key));
    if (endTurn === undefined) return undefined;
    return orAbandon(enter(session, spot, endTurn, part, true), async (place) => {
      const joined = await place.joined(part.signal);
      if (joined?.first) return { place, ...joined };
      await place.abandon();
      return undefined;
    });
  });
}

/** Asks for a place, which the session knows of from then on. */
export function enter(
  session: Standing,
  spot: Spot,
  endTurn: () => void,
  { headers }: Part,
  onlyIfFree = false,
): Place {
  const onGone = (): void => {
    session.places.delete(place);
    endTurn();
  };
  const place = new Place(session, spot, onGone, { headers, onlyIfFree });
  session.places.add(place);
  return place;
}

/** Gives the place up where `run` fails. */
export async function orAbandon<T>(place: Place, run: (place: Place) => Promise<T>): Promise<T> {
  try {
    return await run(place);
  } catch (error) {
    await place.abandon();
    throw error;
  }
}

/** How long to wait there: for as long as the session lasts. */
export function termsOf({ platform, signal }: Standing, { key }: Spot): Terms {
  return { platform, what: `Waiting with ${toPrintable(key)}`, standsOn: signal };
}
