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
import { beginDraft, type DraftState, isChanged } from "./draft.ts";
import { fateOf, type KeyState } from "./key-state.ts";

/** A draft, and what can be done with it. */
export interface Draft extends DraftState {
  readonly encoded: Encoded;
  readonly isChanged: boolean;
  /** What others have made of the key since. */
  readonly fate: ReturnType<typeof fateOf>;
  setText(text: string): void;
  setFormat(format: ValueFormat): void;
  layOut(): void;
  /** Goes on from what is there now. */
  takeTheirs(): void;
  /** Goes on, on top of another state: with the text as it is by then, or another. */
  rebase(base: KeyValue, text?: string): void;
}

/** Begins with `kv`. An unchanged draft follows the key; a changed one stays, and says what others have done. */
export function useDraft(kv: KeyValue, now: KeyState): Draft {
  const [state, setState] = useState(() => beginDraft(kv, guessFormat(keyText(kv.key), kv.value)));
  const { base, format, text } = state;
  const fate = fateOf(base, now);
  const newest = fate === "changed" && now.kv !== undefined ? now.kv : base;

  // While rendering, so that the old value is never shown beside the new one's facts.
  if (newest !== base && !isChanged(state)) setState(beginDraft(newest, format));

  return {
    ...state,
    encoded: readValue(text, format),
    isChanged: isChanged(state),
    fate,
    setText: (next) => setState((before) => ({ ...before, text: next })),
    setFormat(next) {
      const encoded = readValue(text, format);
      const bytes = encoded.fault === undefined ? encoded.bytes : new TextEncoder().encode(text);
      const shown = showValue(bytes, next);
      if (shown !== undefined) setState({ base, format: next, text: shown });
    },
    layOut: () => setState({ ...state, text: layOut(text, format) }),
    takeTheirs: () => setState(beginDraft(newest, format)),
    rebase: (onto, next) => setState((before) => ({ ...before, base: onto, text: next ?? before.text })),
  };
}
