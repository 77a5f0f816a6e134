import { fromPrintable } from "../base/bytes.ts";
import { KeyValue } from "../base/key-value.ts";
import type { ViewState } from "./view-state.ts";

/** A view as JSON: what a server renders with a page, or a page keeps for the next time. */
export interface DehydratedView {
  /** Decimal. A view that starts from it goes on at the next one. */
  readonly revision: string;
  /** Decimal. Of another cluster it is worth nothing. */
  readonly clusterId: string;
  /** Bytes that are not UTF-8 as `base64:…`. */
  readonly entries: readonly (readonly [key: string, value: string, modRevision: string])[];
}

/** What a dehydrated view holds. */
export interface Rehydrated {
  readonly kvs: readonly KeyValue[];
  readonly revision: bigint;
  readonly clusterId: bigint;
}

/** A view's state as JSON. */
export function dehydrate(state: ViewState<unknown>, clusterId: bigint): DehydratedView {
  const entries = [...state.entries].map(
    ([key, { text, modRevision }]) => [key, text, modRevision.toString()] as const,
  );
  return { revision: state.revision.toString(), clusterId: clusterId.toString(), entries };
}

/** What JSON from anywhere holds, or undefined where it is no dehydrated view: it may be old, cut off, or a stranger's. */
export function rehydrate(given: unknown): Rehydrated | undefined {
  try {
    const { revision, clusterId, entries } = given as DehydratedView;
    return { revision: toRevision(revision), clusterId: toRevision(clusterId), kvs: entries.map(toPair) };
  } catch {
    return undefined;
  }
}

function toPair([key, value, modRevision]: DehydratedView["entries"][number]): KeyValue {
  const [createRevision, version, lease] = [0n, 0n, 0n]; // not kept
  const bytes = { key: fromPrintable(key), value: fromPrintable(value) };
  return KeyValue.from({ ...bytes, createRevision, modRevision: toRevision(modRevision), version, lease });
}

function toRevision(text: string): bigint {
  if (typeof text === "string" && /^\d{1,20}$/.test(text)) return BigInt(text);
  throw new TypeError(`${text} is no revision`);
}
