import type { KeyValue } from "etcd-web";
import { showValue, type ValueFormat } from "../../values/value-format.ts";

/** A value being edited, and what it was when that began. */
export interface DraftState {
  /** What is edited; saved only if it is still this. */
  readonly base: KeyValue;
  readonly format: ValueFormat;
  readonly text: string;
}

export function beginDraft(base: KeyValue, wanted: ValueFormat): DraftState {
  // A value that is no text any more is shown as what it is.
  const format = showValue(base.value, wanted) === undefined ? "hex" : wanted;
  return { base, format, text: shownBase({ base, format }) };
}

export function isChanged(draft: DraftState): boolean {
  return draft.text !== shownBase(draft);
}

function shownBase({ base, format }: Pick<DraftState, "base" | "format">): string {
  return showValue(base.value, format) ?? "";
}
