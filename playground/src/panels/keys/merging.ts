import type { KeyValue } from "etcd-web";
import { type Merged, mergeTexts } from "../../values/three-way.ts";
import { layOut, readValue, showValue, type ValueFormat } from "../../values/value-format.ts";

/** Two changes of a value, and what is made of them. */
export interface Merging {
  /** What is merged with, and the only state that the result may replace. */
  readonly theirs: KeyValue;
  readonly format: ValueFormat;
  /** What it was, what they made of it, what you make of it. */
  readonly before: string;
  readonly after: string;
  readonly mine: string;
  /** JSON is laid out anew, so that a line is a change and not how it was written. */
  readonly isLaidOut: boolean;
  /** Places where both changed the same. */
  readonly conflicts: number;
  /** Lines of the result that look like the mark between two, and are the value's own. */
  readonly ownMarks: number;
  readonly result: string;
  /** By hand: what nobody could make again. */
  readonly isEdited: boolean;
}

export function beginMerging(base: KeyValue, theirs: KeyValue, draft: string, format: ValueFormat): Merging {
  const texts = [showIn(base, format), showIn(theirs, format), draft] as const;
  const isLaidOut = format === "json" && texts.every(isJson);
  const [before, after, mine] = isLaidOut ? laidOut(texts) : texts;
  const { text, conflicts } = mergeLines(before, mine, after);
  const ownMarks = count(text, between) - conflicts;
  return { theirs, format, before, after, mine, isLaidOut, conflicts, ownMarks, result: text, isEdited: false };
}

export function editResult(merging: Merging, result: string): Merging {
  return { ...merging, result, isEdited: true };
}

/** They have changed it again: what they did since is merged into the result, and what was made of that stays. */
export function mergeAgain(merging: Merging, theirs: KeyValue): Merging {
  const { format, isLaidOut, result } = merging;
  const shown = showIn(theirs, format);
  const after = isLaidOut && isJson(shown) ? layOut(shown, format) : shown;
  const { text, conflicts } = mergeLines(merging.after, result, after);
  const ownMarks = count(text, between) - conflicts - unsettledIn(merging);
  return { ...merging, theirs, after, conflicts: merging.conflicts + conflicts, ownMarks, result: text };
}

/** Where all lines end as Windows ends them, so do those of the marks; and a last line is no other for having no end. */
function mergeLines(base: string, mine: string, theirs: string): Merged {
  const texts = [base, mine, theirs];
  const isWindows =
    texts.some((text) => text.includes("\r\n")) && texts.every((text) => !/\r(?!\n)|(?<!\r)\n/.test(text));
  if (!isWindows) return mergeTexts(base, mine, theirs);
  const unix = (text: string): string => text.replaceAll("\r\n", "\n");
  const merged = mergeTexts(unix(base), unix(mine), unix(theirs));
  return { ...merged, text: merged.text.replaceAll("\n", "\r\n") };
}

/** Places of the result whose marks are still there. */
export function unsettledIn({ ownMarks, result }: Merging): number {
  const places = Math.max(count(result, /^<{7} yours$/gm), count(result, /^>{7} theirs$/gm));
  return Math.max(places, count(result, between) - ownMarks, 0);
}

/** Alone, it may be a line of the value: it underlines headings. */
const between = /^={7}$/gm;

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

function showIn({ value }: KeyValue, format: ValueFormat): string {
  return showValue(value, format) ?? showValue(value, "hex") ?? "";
}

function isJson(text: string): boolean {
  return readValue(text, "json").fault === undefined;
}

function laidOut([before, after, mine]: readonly [string, string, string]): readonly [string, string, string] {
  return [layOut(before, "json"), layOut(after, "json"), layOut(mine, "json")];
}
