import { toFailure } from "./failure.ts";
import { parseKey } from "./key-text.ts";

/** What is typed, as a key; or what is wrong with it. */
export function tryParse(text: string): readonly [key: Uint8Array | undefined, fault: string | undefined] {
  if (text === "") return [undefined, undefined];
  try {
    return [parseKey(text), undefined];
  } catch (error) {
    return [undefined, toFailure(error).sentence];
  }
}
