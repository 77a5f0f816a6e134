import { joinBytes } from "../base/bytes.ts";
import { EtcdError } from "../base/errors.ts";

/** Of a frame: its flags, and how long it is. */
export const headLength = 5;
/** A page is to hold less than 8 MiB for a watch that nobody reads: as much as this, and what is made of it. */
const mostBytes = 4 * 1024 * 1024;
const nothing = new Uint8Array();

/** Finds the messages of a gRPC-Web body, which comes in chunks of any size. */
export class Frames {
  #bytes: Uint8Array = nothing;
  #at = 0;
  /** Chunks since, which do not make the next frame whole yet: joined once, so that a large one is copied once. */
  #later: Uint8Array[] = [];
  /** Of all together. */
  #size = 0;
  #needed = headLength;

  add(chunk: Uint8Array): void {
    this.#later.push(chunk);
    this.#size += chunk.length;
    if (this.#size >= this.#needed) this.#join();
  }

  /**
   * The next message, undefined until it is whole; or null: what follows is no message. Throws "too-large" for one that
   * is to be above 4 MiB, before it has come.
   */
  next(): Uint8Array | undefined | null {
    const [bytes, at] = [this.#bytes, this.#at];
    this.#needed = headLength;
    if (bytes.length - at < headLength) return undefined;
    if (bytes[at] !== 0) return null;
    const length = lengthAt(bytes, at);
    if (length > mostBytes) {
      throw new EtcdError("too-large", `A message of ${length} bytes: more than ${mostBytes} are not taken at once`);
    }
    this.#needed += length;
    if (bytes.length - at < this.#needed) return undefined;
    this.#at += this.#needed;
    this.#size -= this.#needed;
    return bytes.subarray(at + headLength, this.#at);
  }

  /** Takes all that is left; undefined: nothing. */
  rest(): Uint8Array | undefined {
    if (this.#size === 0) return undefined;
    this.#join();
    const rest = this.#bytes;
    this.#bytes = nothing;
    this.#size = 0;
    return rest;
  }

  #join(): void {
    const isRead = this.#at === this.#bytes.length;
    const parts = isRead ? this.#later : [this.#bytes.subarray(this.#at), ...this.#later];
    this.#bytes = parts.length === 1 ? (parts[0] as Uint8Array) : joinBytes(parts);
    this.#at = 0;
    this.#later = [];
  }
}

/** How long the frame is whose head begins here. */
export function lengthAt(bytes: Uint8Array, at: number): number {
  const byte = (i: number): number => bytes[at + i] as number;
  return ((byte(1) << 24) | (byte(2) << 16) | (byte(3) << 8) | byte(4)) >>> 0;
}
