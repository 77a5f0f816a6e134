import { type Interval, oneKey } from "./history.ts";
import type { Random } from "./random.ts";

/** All keys there are, in order: two folders of text, and one whose names are bytes that no text has. */
export const keys: readonly string[] = [
  ...folder("a/", ["00", "01", "02", "03", "04", "05", "06", "07"]),
  ...folder("b/", ["00", "01", "02", "03", "04", "05", "06", "07"]),
  ...folder("c/\xff", ["", "\0", "\x80", "\xff"]),
];

/** Prefixes that hold several of them. */
export const prefixes: readonly string[] = ["a/", "b/", "a/0", "c/\xff"];

/** Some keys next to each other. */
export function randomInterval(random: Random): Interval & { readonly to: string } {
  const from = random.between(0, keys.length - 3);
  const to = random.between(from + 1, Math.min(from + 8, keys.length - 1));
  return { from: keys[from] ?? "", to: keys[to] ?? "" };
}

/** One key, as an interval. */
export function randomKey(random: Random): Interval & { readonly to: string } {
  const key = random.pick(keys);
  return { from: key, to: oneKey(key).to ?? "" };
}

function folder(prefix: string, names: readonly string[]): string[] {
  return names.map((name) => prefix + name);
}
