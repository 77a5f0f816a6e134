import type { KeyValue } from "etcd-web";
import { useState } from "react";
import { keyText } from "../../text/key-text.ts";
import {
  type Encoded,
  guessFormat,
  layOut,
  readValue,
  showValue,
  type ValueFormat,
} from "../../values/value-format.ts";

/** A value being edited, and what it was when that began. */
export interface Draft {
  readonly format: ValueFormat;
  readonly text: string;
  /** What is edited; saved only if it is still this. */
  readonly base: KeyValue;
  readonly encoded: Encoded;
  readonly isChanged: boolean;
  /** Somebody has changed the key since. */
  readonly isBehind: boolean;
  setText(text: string): void;
  setFormat(format: ValueFormat): void;
  layOut(): void;
  /** Goes on from what is there now. */
  takeTheirs(): void;
  /** Goes on, on top of another state: with the text as it is by then, or another. */
  rebase(base: KeyValue, text?: string): void;
}

interface State {
  readonly base: KeyValue;
  readonly format: ValueFormat;
  readonly text: string;
}

/** An unchanged draft follows the key; a changed one stays, and says that it is behind. */
export function useDraft(kv: KeyValue): Draft {
  const [state, setState] = useState(() => begin(kv, guessFormat(keyText(kv.key), kv.value)));
  const { base, format, text } = state;
  const isChanged = text !== show(base.value, format);
  // Not where it is older: it is not told yet what has been saved here.
  const isBehind = kv.modRevision > base.modRevision;

  // While rendering, so that the old value is never shown beside the new one's facts.
  if (isBehind && !isChanged) setState(begin(kv, format));

  return {
    ...state,
    encoded: readValue(text, format),
    isChanged,
    isBehind,
    setText: (next) => setState((before) => ({ ...before, text: next })),
    setFormat(next) {
      const encoded = readValue(text, format);
      const bytes = encoded.fault === undefined ? encoded.bytes : new TextEncoder().encode(text);
      const shown = showValue(bytes, next);
      if (shown !== undefined) setState({ base, format: next, text: shown });
    },
    layOut: () => setState({ ...state, text: layOut(text, format) }),
    takeTheirs: () => setState(begin(isBehind ? kv : base, format)),
    rebase: (onto, next) => setState((before) => ({ ...before, base: onto, text: next ?? before.text })),
  };
}

function begin(base: KeyValue, wanted: ValueFormat): State {
  // A value that is no text any more is shown as what it is.
  const format = showValue(base.value, wanted) === undefined ? "hex" : wanted;
  return { base, format, text: show(base.value, format) };
}

function show(value: Uint8Array, format: ValueFormat): string {
  return showValue(value, format) ?? "";
}
