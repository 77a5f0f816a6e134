import { type Permission, Permission_Type as Type } from "../gen/authpb/auth_pb.ts";
import { type Span, toSpan } from "./keys.ts";

/** Keys from `from` up to and without `to`; no `to` means no end. */
interface Interval {
  readonly from: string;
  readonly to: string | undefined;
}

/** What all roles of a user permit together: neighbouring grants add up to one. */
export class Permissions {
  readonly #readable: readonly Interval[];
  readonly #writable: readonly Interval[];

  constructor(granted: readonly Permission[]) {
    const of = (type: Type): Interval[] =>
      merge(granted.filter(({ permType }) => permType === type || permType === Type.READWRITE).map(toInterval));
    this.#readable = of(Type.READ);
    this.#writable = of(Type.WRITE);
  }

  mayRead(span: Span): boolean {
    return this.#readable.some((allowed) => contains(allowed, spanInterval(span)));
  }

  mayWrite(span: Span): boolean {
    return this.#writable.some((allowed) => contains(allowed, spanInterval(span)));
  }
}

function toInterval({ key, rangeEnd }: Permission): Interval {
  return spanInterval(toSpan(key, rangeEnd));
}

function spanInterval(span: Span): Interval {
  return "key" in span ? { from: span.key, to: `${span.key}\0` } : span;
}

function merge(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const next of intervals.toSorted((a, b) => (a.from < b.from ? -1 : 1))) {
    const last = merged.at(-1);
    if (last !== undefined && (last.to === undefined || next.from <= last.to)) {
      merged[merged.length - 1] = { from: last.from, to: laterEnd(last.to, next.to) };
    } else merged.push(next);
  }
  return merged;
}

function laterEnd(a: string | undefined, b: string | undefined): string | undefined {
  if (a === undefined || b === undefined) return undefined;
  return a > b ? a : b;
}

function contains(allowed: Interval, { from, to }: Interval): boolean {
  if (allowed.from > from) return false;
  return allowed.to === undefined || (to !== undefined && to <= allowed.to);
}
