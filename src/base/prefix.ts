import { joinBytes, own } from "./bytes.ts";
import { isEndless, type KeyRange, prefixEnd } from "./range.ts";

/** What begins every key of a namespace: added to what goes to the server, taken off what comes from there. */
export class Prefix {
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  /** A request as the server shall read it: its key, or its range, within the namespace. */
  add<R extends Partial<KeyRange>>(request: R): R {
    if (this.#bytes.length === 0 || request.key === undefined) return request;
    const key = joinBytes([this.#bytes, request.key]);
    return request.rangeEnd === undefined
      ? { ...request, key }
      : { ...request, key, rangeEnd: this.#end(request.rangeEnd) };
  }

  /** The key of a decoded message as the namespace knows it, not holding on to the whole message. */
  strip(key: Uint8Array): Uint8Array {
    return this.#bytes.length === 0 ? own(key) : key.slice(this.#bytes.length);
  }

  /** Whether a key of the server lies in the namespace. */
  covers(key: Uint8Array): boolean {
    return this.#bytes.every((byte, i) => byte === key[i]);
  }

  /** The prefix of a namespace within this one. */
  within(inner: Uint8Array): Prefix {
    return new Prefix(joinBytes([this.#bytes, inner]));
  }

  // What has no end ends with the namespace.
  #end(rangeEnd: Uint8Array): Uint8Array {
    if (rangeEnd.length === 0) return rangeEnd;
    return isEndless(rangeEnd) ? prefixEnd(this.#bytes) : joinBytes([this.#bytes, rangeEnd]);
  }
}

/** No namespace. */
export const noPrefix: Prefix = new Prefix(new Uint8Array());
