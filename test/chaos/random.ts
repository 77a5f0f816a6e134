/** Choices that a seed repeats. */
export interface Random {
  /** At least 0, below 1. */
  next(): number;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
  /** True in this share of the cases. */
  chance(share: number): boolean;
  /** One of several. */
  pick<T>(choices: readonly T[]): T;
  /** All of them in another order. */
  shuffle<T>(values: readonly T[]): T[];
  /** Choices of their own, so that what one actor draws does not change what another one gets. */
  fork(name: string): Random;
}

/** The choices of a seed. */
export function seededRandom(seed: string): Random {
  const next = mulberry32(hash(seed));
  const between = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  const pick = <T>(choices: readonly T[]): T => {
    if (choices.length === 0) throw new RangeError("There is nothing to pick from.");
    return choices[between(0, choices.length - 1)] as T;
  };
  return {
    next,
    between,
    pick,
    chance: (share) => next() < share,
    shuffle: (values) => shuffle(values, between),
    fork: (name) => seededRandom(`${seed}/${name}`),
  };
}

/** A seed for a run that was given none: short enough to be read out. */
export function newSeed(): string {
  return Math.random().toString(36).slice(2, 8);
}

function shuffle<T>(values: readonly T[], between: Random["between"]): T[] {
  const shuffled = [...values];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = between(0, i);
    [shuffled[i], shuffled[j]] = [shuffled[j] as T, shuffled[i] as T];
  }
  return shuffled;
}

/** FNV-1a. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) value = Math.imul(value ^ byte, 0x01000193);
  return value >>> 0;
}

/** Tommy Ettinger's generator of 32 bits: small, and good enough to choose with. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
