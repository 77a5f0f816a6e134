import { longestQuietSeconds } from "../doctor/longest-quiet.ts";
import { InvalidArgumentError } from "./bundled.ts";

/** A port, or commander's error. */
export function toPort(text: string): number {
  if (/^\d+$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new InvalidArgumentError("It must be a number from 0 to 65535.");
}

/** Seconds of a quiet stream, in parts as well. */
export function toQuietSeconds(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== "" && seconds >= 0 && seconds <= longestQuietSeconds) return seconds;
  throw new InvalidArgumentError(`It must be a number of seconds, at most ${longestQuietSeconds}.`);
}

/** An option that may be repeated. */
export function collect(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, text];
}

/** A whole number. */
export function toCount(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError("It must be a whole number.");
}

/** A name and its number, with those before. */
export function toLimit(text: string, before: Readonly<Record<string, number>> = {}): Readonly<Record<string, number>> {
  const [, name = "", number = ""] = /^(\w+)=(\d+|Infinity)$/.exec(text) ?? [];
  if (name !== "") return { ...before, [name]: Number(number) };
  throw new InvalidArgumentError("It must be a name and a number, such as callsPerSecond=100.");
}
