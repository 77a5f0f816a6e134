import type { JsonValue } from "@openfeature/web-sdk";
import type { KeyValue } from "../base/key-value.ts";

/** A flag as etcd has it, made sure of: every variant that is named exists. */
export interface Flag {
  readonly disabled: boolean;
  readonly variants: Readonly<Record<string, JsonValue>> | undefined;
  /** A variant's name; of a flag without variants its value. */
  readonly fallback: JsonValue;
  readonly rules: readonly Rule[];
  readonly metadata: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** The first whose conditions the context meets decides. */
export interface Rule {
  /** Attributes and the values, or lists of values, that they must have. */
  readonly when: Readonly<Record<string, JsonValue>>;
  readonly variant: string | undefined;
  /** Variants and their weights, by the targeting key. */
  readonly split: Readonly<Record<string, number>> | undefined;
}

type Fields = Readonly<Record<string, JsonValue>>;

/** Throws where the pair is no flag. */
export function toFlag(kv: KeyValue): Flag {
  const value = kv.json<JsonValue>();
  if (!isFields(value) || !isFields(value.variants)) {
    return { disabled: false, variants: undefined, fallback: value, rules: [], metadata: undefined };
  }
  const { variants, default: fallback, disabled = false, rules = [], metadata } = value;
  if (typeof disabled !== "boolean" || !Array.isArray(rules))
    throw new TypeError("`disabled` is a boolean, `rules` a list");
  named(fallback, variants);
  return {
    disabled,
    variants,
    fallback: fallback as JsonValue,
    rules: rules.map((rule) => toRule(rule, variants)),
    metadata: metadata as Flag["metadata"],
  };
}

function toRule(rule: JsonValue, variants: Fields): Rule {
  if (!isFields(rule)) throw new TypeError("A rule is an object");
  const { when = {}, variant, split } = rule;
  if (!isFields(when)) throw new TypeError("`when` is an object");
  if (split === undefined) {
    return { when, variant: named(variant, variants), split: undefined };
  }
  if (!isFields(split)) throw new TypeError("`split` is an object");
  for (const [name, weight] of Object.entries(split)) {
    named(name, variants);
    if (typeof weight !== "number" || !(weight >= 0)) throw new TypeError(`The weight of ${name} is no number`);
  }
  return { when, variant: undefined, split: split as Rule["split"] };
}

function named(name: JsonValue | undefined, variants: Fields): string {
  if (typeof name === "string" && Object.hasOwn(variants, name)) return name;
  throw new TypeError(`There is no variant ${JSON.stringify(name)}`);
}

function isFields(value: JsonValue | undefined): value is Fields & { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
