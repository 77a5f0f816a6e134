export type Tone = "log" | "info" | "warn" | "error";

/** From the code to the page. */
export type Said =
  | { readonly kind: "line"; readonly tone: Tone; readonly text: string }
  /** An item of what is exported by default: a value, or one of an async iterable's. */
  | { readonly kind: "item"; readonly text: string }
  /** So many lines came faster than they could be shown. */
  | { readonly kind: "left-out"; readonly count: number }
  | { readonly kind: "done" }
  /** `line`: of the code, from 1. */
  | { readonly kind: "failed"; readonly text: string; readonly line?: number };

/** And back: so many lines have been shown. */
export interface Heard {
  readonly kind: "shown";
  readonly count: number;
}
