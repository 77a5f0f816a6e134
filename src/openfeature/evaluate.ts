import { type EvaluationContext, type JsonValue, StandardResolutionReasons as Reason } from "@openfeature/web-sdk";
import type { Flag, Rule } from "./flag.ts";

/** What a flag is for a context. */
export type Evaluated =
  | { readonly kind: "value"; readonly value: JsonValue; readonly variant?: string; readonly reason: string }
  | { readonly kind: "disabled" }
  /** A split has nobody to split by. */
  | { readonly kind: "no-targeting-key" };

/** The first rule that the context meets, or the default. */
export function evaluate(key: string, flag: Flag, context: EvaluationContext): Evaluated {
  if (flag.disabled) return { kind: "disabled" };
  if (flag.variants === undefined) return { kind: "value", value: flag.fallback, reason: Reason.STATIC };
  const rule = flag.rules.find(({ when }) => meets(when, context));
  if (rule?.split !== undefined) return divide(key, flag, rule.split, context.targetingKey);
  if (rule?.variant !== undefined) return variantOf(flag, rule.variant, Reason.TARGETING_MATCH);
  return variantOf(flag, String(flag.fallback), flag.rules.length === 0 ? Reason.STATIC : Reason.DEFAULT);
}

function meets(when: Rule["when"], context: EvaluationContext): boolean {
  return Object.entries(when).every(([name, wanted]) => {
    const given = context[name] as JsonValue;
    return Array.isArray(wanted) ? wanted.includes(given) : wanted === given;
  });
}

function divide(key: string, flag: Flag, split: NonNullable<Rule["split"]>, targetingKey?: string): Evaluated {
  if (!targetingKey) return { kind: "no-targeting-key" };
  const weights = Object.entries(split);
  const total = weights.reduce((sum, [, weight]) => sum + weight, 0);
  let left = share(`${key}/${targetingKey}`) * total;
  const found = weights.find(([, weight]) => {
    left -= weight;
    return left < 0;
  });
  return variantOf(flag, found?.[0] ?? String(flag.fallback), Reason.SPLIT);
}

function variantOf(flag: Flag, variant: string, reason: string): Evaluated {
  return { kind: "value", value: flag.variants?.[variant] as JsonValue, variant, reason };
}

/** At least 0, below 1, the same for the same text everywhere: FNV-1a, its bits mixed once more (murmur3's last step). */
function share(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}
