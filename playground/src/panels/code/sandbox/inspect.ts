import { isEtcdError, KeyValue } from "etcd-web";
import { keyText, utf8 } from "../../../text/key-text.ts";

const mostItems = 100;
const mostDepth = 5;
const mostText = 10_000;
const width = 72;

/** A value as text, for people: bytes as text where they are, nested values indented. */
export function inspect(value: unknown): string {
  return clip(show(value, 0, []));
}

function show(value: unknown, depth: number, above: readonly unknown[]): string {
  if (typeof value === "string") return JSON.stringify(clip(value));
  if (typeof value === "bigint") return `${value}n`;
  if (typeof value === "function") return `[function ${value.name || "without a name"}]`;
  if (typeof value !== "object" || value === null) return String(value);
  if (above.includes(value)) return "[itself]";
  if (depth > mostDepth) return "…";
  return showObject(value, depth, [...above, value]);
}

function showObject(value: object, depth: number, above: readonly unknown[]): string {
  const inner = (each: unknown): string => show(each, depth + 1, above);
  if (value instanceof Uint8Array) return showBytes(value);
  if (value instanceof KeyValue) return showKeyValue(value);
  if (value instanceof Error) return showError(value, inner);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof AbortSignal) return `AbortSignal (${value.aborted ? "aborted" : "not aborted"})`;
  if (value instanceof Promise) return "Promise: await it to see its value";
  if (Array.isArray(value)) return list("", "[]", value.map(inner), depth);
  if (value instanceof Set) return list(`Set(${value.size}) `, "{}", Array.from(value, inner), depth);
  if (isMap(value)) {
    const pairs = Array.from(value, ([key, each]) => `${inner(key)} → ${inner(each)}`);
    return list(`Map(${value.size}) `, "{}", pairs, depth);
  }
  return showFields(value, inner, depth);
}

function showFields(value: object, inner: (each: unknown) => string, depth: number): string {
  const fields = Object.entries(value)
    .filter(([name, each]) => typeof each !== "function" && !name.startsWith("$"))
    .map(([name, each]) => `${/^[\w$]+$/.test(name) ? name : JSON.stringify(name)}: ${inner(each)}`);
  return list("", "{}", fields, depth);
}

/** By shape: a view's values are one too. */
function isMap(value: object): value is ReadonlyMap<unknown, unknown> {
  return "entries" in value && "size" in value && "get" in value;
}

function showKeyValue({ key, value, createRevision, modRevision, version, lease }: KeyValue): string {
  const held = lease === 0n ? "" : `, lease ${lease.toString(16)}`;
  const revisions = `modRevision ${modRevision}, createRevision ${createRevision}, version ${version}${held}`;
  return `${JSON.stringify(keyText(key))} = ${showBytes(value)} (${revisions})`;
}

function showBytes(bytes: Uint8Array): string {
  const text = utf8(bytes);
  if (text !== undefined) return JSON.stringify(clip(text));
  const first = Array.from(bytes.subarray(0, 32), (byte) => byte.toString(16).padStart(2, "0")).join(" ");
  return `<${first}${bytes.length > 32 ? ` … ${bytes.length} bytes` : ""}>`;
}

function showError(error: Error, inner: (each: unknown) => string): string {
  const code = isEtcdError(error) ? ` (${error.code})` : "";
  const cause = error.cause === undefined ? "" : `\n  because: ${inner(error.cause)}`;
  return `${error.name}${code}: ${error.message}${cause}`;
}

function list(name: string, [open, close]: string, parts: readonly string[], depth: number): string {
  const shown = parts.slice(0, mostItems);
  if (parts.length > mostItems) shown.push(`… ${parts.length - mostItems} more`);
  if (shown.length === 0) return `${name}${open}${close}`;
  const short = shown.join(", ");
  const space = open === "[" ? "" : " ";
  if (short.length < width && !short.includes("\n")) return `${name}${open}${space}${short}${space}${close}`;
  const indent = "  ".repeat(depth + 1);
  return `${name}${open}\n${shown.map((part) => `${indent}${part},\n`).join("")}${"  ".repeat(depth)}${close}`;
}

function clip(text: string): string {
  return text.length <= mostText ? text : `${text.slice(0, mostText)}… (${text.length} characters)`;
}
