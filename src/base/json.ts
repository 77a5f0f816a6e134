import { toPrintable } from "./bytes.ts";

/**
 * `value` as `JSON.stringify` can take it: decimal strings for bigints, text for bytes (`base64:…` where they are not
 * UTF-8). Nothing is rounded and nothing is lost.
 */
export function toJson(value: unknown): unknown {
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return toPrintable(value);
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value === "object" && value !== null) return toJsonFields(value);
  return value;
}

function toJsonFields(value: object): unknown {
  return Object.fromEntries(Object.entries(value).map(([name, field]) => [name, toJson(field)]));
}

/** Plain fields with a JSON form; the method is on the prototype, so that `postMessage` takes the object too. */
export class Result {
  toJSON(): unknown {
    return toJson({ ...this });
  }
}

/** What every call gives: plain fields that survive `postMessage`, and `JSON.stringify` in spite of their bigints. */
export function toResult<T extends object>(fields: T): T {
  return Object.assign(new Result(), fields);
}
