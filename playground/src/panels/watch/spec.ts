import type { Range, WatchOptions } from "etcd-web";
import { bytesLiteral, keyText, parseKey } from "../../text/key-text.ts";
import { wordsOf } from "../../text/words-of.ts";

/** A watch as somebody asks for it, and as a link keeps it. Keys are in the page's notation. */
export interface WatchSpec {
  readonly kind: "all" | "prefix" | "key" | "range";
  /** Empty for "all". */
  readonly key: string;
  /** The end of a range, which is not in it; "" for none. */
  readonly to: string;
  /** "": from now on. */
  readonly from: string;
  readonly prevKv: boolean;
  readonly only: "" | "put" | "delete";
}

export const anything: WatchSpec = { kind: "all", key: "", to: "", from: "", prevKv: true, only: "" };

/** Throws "invalid-argument" for a key that cannot be. */
export function rangeOf({ kind, key, to }: WatchSpec): Range {
  if (kind === "all") return { all: true };
  const bytes = parseKey(key);
  if (kind === "prefix") return { prefix: bytes };
  if (kind === "key") return bytes;
  return to === "" ? { from: bytes } : { from: bytes, to: parseKey(to) };
}

export function optionsOf({ from, prevKv, only }: WatchSpec): WatchOptions {
  return { prevKv, ...(from !== "" && { startRevision: BigInt(from) }), ...(only !== "" && { only }) };
}

/** For people. */
export function titleOf({ kind, key, to }: WatchSpec): string {
  if (kind === "all") return "every key";
  if (kind === "prefix") return `${key}…`;
  return kind === "key" ? key : `${key} → ${to === "" ? "the end" : to}`;
}

/** The same in TypeScript. */
export function codeOf(spec: WatchSpec): string {
  const options = Object.entries(optionsOf(spec))
    .filter(([, value]) => value !== false)
    .map(([name, value]) => `${name}: ${typeof value === "bigint" ? `${value}n` : JSON.stringify(value)}`);
  const second = options.length === 0 ? "" : `, { ${options.join(", ")} }`;
  return `for await (const { revision, events } of etcd.watch(${rangeCode(spec)}${second}).batches()) {
  for (const { type, kv } of events) console.log(revision, type, kv.keyText());
}`;
}

function rangeCode({ kind, key, to }: WatchSpec): string {
  const literal = (text: string): string => bytesLiteral(parseKey(text));
  if (kind === "all") return "{ all: true }";
  if (kind === "prefix") return `{ prefix: ${literal(key)} }`;
  if (kind === "key") return literal(key);
  return `{ from: ${literal(key)}${to === "" ? "" : `, to: ${literal(to)}`} }`;
}

/** For the URL: `prefix:config/` with what differs from the usual before it. */
export function formatSpecs(specs: readonly WatchSpec[]): string {
  return specs.length === 0
    ? ""
    : JSON.stringify(specs.map(({ kind, key, to, from, prevKv, only }) => [kind, key, to, from, prevKv ? 1 : 0, only]));
}

/** What {@link formatSpecs} gave; nothing for what somebody mistyped. */
export function parseSpecs(text: string): readonly WatchSpec[] {
  try {
    const rows: unknown = JSON.parse(text === "" ? "[]" : text);
    return Array.isArray(rows) ? rows.flatMap(toSpec) : [];
  } catch {
    return [];
  }
}

function toSpec(row: unknown): readonly WatchSpec[] {
  if (!Array.isArray(row)) return [];
  const [kind, key = "", to = "", from = "", prevKv = 1, only = ""] = row;
  const spec = { kind, key: String(key), to: String(to), from: String(from), prevKv: prevKv === 1, only } as WatchSpec;
  if (!["all", "prefix", "key", "range"].includes(spec.kind) || !["", "put", "delete"].includes(spec.only)) return [];
  return faultOf(spec) === undefined ? [spec] : [];
}

/** What is wrong with it. */
export function faultOf(spec: WatchSpec): string | undefined {
  if (spec.from !== "" && !/^[1-9]\d{0,18}$/.test(spec.from)) return "A revision is a whole number from 1 up.";
  if ((spec.kind === "key" || spec.kind === "prefix") && spec.key === "") return "Which keys?";
  try {
    const range = rangeOf(spec);
    if (typeof range === "object" && "to" in range && keyText(range.to as Uint8Array) <= spec.key) {
      return "The end must come after the beginning.";
    }
    return undefined;
  } catch (error) {
    return wordsOf(error);
  }
}
