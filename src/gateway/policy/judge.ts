import type { DescMethod, Message } from "@bufbuild/protobuf";
import { toPrintable } from "../../base/bytes.ts";
import type { KeyRange } from "../../base/range.ts";
import { coverAll, covers } from "./key-spans.ts";
import { LeaseIds } from "./lease-ids.ts";
import type { PolicySettings } from "./options.ts";
import { type Access, methodName, type Rule, rules } from "./rules.ts";
import { findUnknownField } from "./unknown-fields.ts";

/** Decides what may pass; knows nothing of where it comes from or goes. */
export interface Judge {
  /** Why no request of this method may pass, as a sentence without its stop; undefined where each request decides. */
  refuseMethod(method: DescMethod): string | undefined;
  /** Why this request of it may not pass; undefined where it may. */
  refuse(method: DescMethod, request: Message): string | undefined;
  /** Makes the ids of leases, where the policy bounds those. */
  readonly leaseIds: LeaseIds | undefined;
}

/** Lets pass whatever etcd takes. */
export const openJudge: Judge = { refuseMethod: () => undefined, refuse: () => undefined, leaseIds: undefined };

/** Judges by a policy. */
export function createJudge(policy: PolicySettings): Judge {
  const byMethod = new Map(rules.map((rule) => [rule.method, rule]));
  const leaseIds = coverAll(policy.spans) ? undefined : new LeaseIds(policy.spans);
  return {
    leaseIds,
    refuseMethod: (method) => refuseMethod(policy, byMethod.get(method)),
    refuse(method, request) {
      const rule = byMethod.get(method);
      const unknown = findUnknownField(method.input, request);
      if (unknown !== undefined) {
        return `${methodName(method)} holds ${unknown}, which this gateway does not know and so cannot judge`;
      }
      return refuseMethod(policy, rule) ?? refuseAny(policy, leaseIds, method, rule?.touches(request) ?? []);
    },
  };
}

function refuseMethod({ methods, spans }: PolicySettings, rule: Rule | undefined): string | undefined {
  if (rule === undefined || !methods.has(methodName(rule.method))) {
    const name = rule === undefined ? "This method" : methodName(rule.method);
    return `${name} is not allowed by the gateway's policy: policy.methods would have to name it${reachOf(rule)}`;
  }
  if (rule.reach !== "server" && spans.length === 0) {
    return `The gateway's policy allows no key: give it policy: { prefixes: ["config/"] }, or [""] for every key`;
  }
  return undefined;
}

function reachOf(rule: Rule | undefined): string {
  return rule?.reach === "cluster" ? `, with prefixes: [""], since no prefix bounds it` : "";
}

function refuseAny(
  policy: PolicySettings,
  leaseIds: LeaseIds | undefined,
  method: DescMethod,
  accesses: Iterable<Access>,
): string | undefined {
  for (const access of accesses) {
    const reason = refuseAccess(policy, leaseIds, access);
    if (reason !== undefined) return `${methodName(method)} ${reason}`;
  }
  return undefined;
}

function refuseAccess(policy: PolicySettings, leaseIds: LeaseIds | undefined, access: Access): string | undefined {
  if (access.writes && policy.readOnly) {
    return "would be a change, and the gateway is read-only: policy.readOnly: false would allow it";
  }
  if (access.what === "keys") {
    if (covers(policy.spans, access.range)) return undefined;
    return `asks for ${shownRange(access.range)}, which policy.prefixes does not cover`;
  }
  if (leaseIds === undefined || leaseIds.has(access.id)) return undefined;
  return `names lease ${access.id}, which was not granted under this gateway's policy: grant one with ID 0, and the gateway chooses its id`;
}

function shownRange({ key, rangeEnd }: KeyRange): string {
  return rangeEnd.length === 0 ? `key ${shown(key)}` : `keys from ${shown(key)} to ${shown(rangeEnd)}`;
}

function shown(key: Uint8Array): string {
  const most = 64;
  return JSON.stringify(toPrintable(key.subarray(0, most))) + (key.length > most ? "…" : "");
}
