import type { KeyValue as KeyValueMessage } from "../gen/mvccpb/kv_pb.ts";
import { own, toExactText, toPrintable, toText } from "./bytes.ts";
import { EtcdError } from "./errors.ts";
import { toJson } from "./json.ts";
import { noPrefix, type Prefix } from "./prefix.ts";
import { type StandardSchema, validate } from "./standard-schema.ts";

/** The fields of a pair. */
export type KeyValueFields = Pick<KeyValue, "key" | "value" | "createRevision" | "modRevision" | "version" | "lease">;

/**
 * A key with its value and history. The fields are plain and survive `postMessage` (`KeyValue.from` gives the methods
 * back); the methods are on the prototype.
 */
export class KeyValue {
  /** The key's bytes. Small keys and values may share an `ArrayBuffer` with their neighbours: transfer copies of them. */
  readonly key: Uint8Array;
  /** The value's bytes, as the key's; empty also where only keys were asked for. */
  readonly value: Uint8Array;
  /** Revision that brought the key into being. */
  readonly createRevision: bigint;
  /** Revision of the last put. */
  readonly modRevision: bigint;
  /** Puts since the key came into being, starting at 1n. */
  readonly version: bigint;
  /** The lease the key is attached to; 0n: none. */
  readonly lease: bigint;

  private constructor(fields: KeyValueFields) {
    this.key = fields.key;
    this.value = fields.value;
    this.createRevision = fields.createRevision;
    this.modRevision = fields.modRevision;
    this.version = fields.version;
    this.lease = fields.lease;
  }

  /**
   * The pair with its methods, from its fields: after `postMessage` or `structuredClone`.
   *
   * @example
   * ```ts
   * import { KeyValue } from "etcd-web";
   *
   * addEventListener("message", ({ data }) => console.log(KeyValue.from(data).text()));
   * ```
   */
  static from(fields: KeyValueFields): KeyValue {
    return new KeyValue(fields);
  }

  /** The key as text. Throws "invalid-argument" when it is not UTF-8: use `key` then. */
  keyText(): string {
    return keyText(this.key);
  }

  /** The value as text, as `Response.text()` does it: malformed bytes become U+FFFD. */
  text(): string {
    return toText(this.value);
  }

  /**
   * The value parsed as JSON and, given a schema (any Standard Schema v1 validator: zod, valibot, arktype, …),
   * validated. Throws "invalid-argument" where it is not JSON or does not pass; the parser's error is the `cause`.
   */
  json<T = unknown>(schema?: StandardSchema<T>): T {
    const value = parse(this);
    return schema === undefined ? (value as T) : validate(schema, value, `The value of ${toPrintable(this.key)}`);
  }

  /** Decimal strings for 64-bit values, text for bytes, `base64:…` where they are not UTF-8. */
  toJSON(): unknown {
    return toJson({ ...this });
  }
}

// A private method would make the class another type in each copy of the package.
function parse(kv: KeyValue): unknown {
  try {
    return JSON.parse(kv.text());
  } catch (cause) {
    throw new EtcdError("invalid-argument", `The value of ${toPrintable(kv.key)} is not JSON`, { cause });
  }
}

/** A key as text, or "invalid-argument". */
export function keyText(key: Uint8Array): string {
  const text = toExactText(key);
  if (text !== undefined) return text;
  throw new EtcdError("invalid-argument", `The key ${toPrintable(key)} is not UTF-8: use its bytes`);
}

/** The pair of a decoded message, its key as the namespace knows it. */
export function toKeyValue(message: KeyValueMessage, prefix: Prefix = noPrefix): KeyValue {
  const { createRevision, modRevision, version, lease } = message;
  return KeyValue.from({
    key: prefix.strip(message.key),
    value: own(message.value),
    createRevision,
    modRevision,
    version,
    lease,
  });
}
