import type { Key } from "../../base/bytes.ts";
import { EtcdError } from "../../base/errors.ts";
import { coverAll, type KeySpan, toKeySpans } from "./key-spans.ts";
import { methodName, type Rule, rules } from "./rules.ts";

/**
 * What callers may ask of etcd. Everything that is not allowed here is refused with `permission-denied`, before it
 * reaches etcd, and the error says what to allow.
 *
 * @example
 * ```ts
 * import { createGateway, type GatewayPolicy } from "etcd-web/gateway";
 *
 * const policy: GatewayPolicy = { prefixes: ["config/", "flags/"] };
 * await using gateway = await createGateway({ etcd: "127.0.0.1:2379", policy });
 * ```
 */
export interface GatewayPolicy {
  /**
   * What the keys that may be read, watched and, unless `readOnly`, written begin with. Every range of a request must
   * lie within, those of nested transactions too. Default none: no key at all; `[""]` is every key.
   *
   * Unless it is every key, leases are bounded as well: the gateway chooses their ids, and only leases that it has
   * granted, or another gateway with the same prefixes, can be used, kept alive and revoked.
   */
  readonly prefixes?: readonly Key[] | undefined;
  /** Whether to refuse every change: writes, leases, locks. Default true. */
  readonly readOnly?: boolean | undefined;
  /**
   * The methods that may be called, such as "KV/Range", or a whole service, such as "Watch". Default
   * {@link defaultMethods}. What reaches further than any prefix ("KV/Compact", "Maintenance/Snapshot", members, users)
   * can only be allowed together with every key.
   */
  readonly methods?: readonly string[] | undefined;
}

/**
 * What a policy allows that names no methods: all that keeps to the keys and leases it is asked for, signing in, and
 * etcd's health.
 *
 * @example
 * ```ts
 * import { defaultMethods, type GatewayPolicy } from "etcd-web/gateway";
 *
 * export const policy: GatewayPolicy = {
 *   prefixes: ["config/"],
 *   methods: [...defaultMethods, "Maintenance/Status", "Cluster/MemberList"],
 * };
 * ```
 */
export const defaultMethods: readonly string[] = rules
  .filter(({ reach, method }) => reach === "keys" || reach === "leases" || isPlain(methodName(method)))
  .map(({ method }) => methodName(method));

/** A policy, checked. */
export interface PolicySettings {
  readonly spans: readonly KeySpan[];
  readonly readOnly: boolean;
  readonly methods: ReadonlySet<string>;
}

/** Fills in the defaults, or throws "invalid-argument" and says what cannot be allowed. */
export function toPolicySettings({ prefixes = [], readOnly = true, methods }: GatewayPolicy): PolicySettings {
  const spans = toKeySpans(prefixes);
  const allowed = (methods ?? defaultMethods).flatMap(rulesNamed);
  for (const rule of allowed) checkReach(rule, spans, readOnly);
  return { spans, readOnly, methods: new Set(allowed.map(({ method }) => methodName(method))) };
}

function isPlain(name: string): boolean {
  return name.startsWith("Health/") || name === "Auth/Authenticate";
}

function rulesNamed(name: string): Rule[] {
  const named = rules.filter(({ method }) => name === methodName(method) || name === method.parent.name);
  if (named.length > 0) return named;
  throw invalid(`holds ${JSON.stringify(name)}, which is no method of etcd such as "KV/Range" and no service of it`);
}

function checkReach({ method, reach, writes }: Rule, spans: readonly KeySpan[], readOnly: boolean): void {
  if (reach !== "cluster") return;
  const name = methodName(method);
  if (!coverAll(spans)) {
    throw invalid(`holds ${name}, which reaches further than any prefix: only prefixes: [""] can allow it`);
  }
  if (writes && readOnly) throw invalid(`holds ${name}, which is a change: only readOnly: false can allow it`);
}

function invalid(text: string): EtcdError {
  return new EtcdError("invalid-argument", `policy.methods ${text}`);
}
