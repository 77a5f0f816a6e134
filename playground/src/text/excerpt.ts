import { toPrintable } from "./printable.ts";

/** As much of a value as the page keeps: 500 events of etcd's largest values would be 750 MB. */
export interface Excerpt {
  readonly text: string;
  /** Bytes of the value that are left out. */
  readonly left: number;
}

const keptBytes = 4096;

/** The beginning of a value. */
export function toExcerpt(bytes: Uint8Array): Excerpt {
  const head = bytes.subarray(0, wholeCharacters(bytes, keptBytes));
  return { text: toPrintable(head), left: bytes.length - head.length };
}

// Where a cut at `end` would split a UTF-8 character, the cut is before it.
function wholeCharacters(bytes: Uint8Array, end: number): number {
  if (bytes.length <= end) return bytes.length;
  let cut = end;
  while (cut > end - 4 && isContinuation(bytes[cut])) cut--;
  return cut;
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0b1100_0000) === 0b1000_0000;
}
