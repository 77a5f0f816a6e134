import { compareBytes, joinBytes } from "../base/bytes.ts";
import { EtcdError } from "../base/errors.ts";
import { Sha256 } from "./sha256.ts";
import type { SnapshotProgress } from "./snapshot.ts";

/** Bytes of the SHA-256 that ends a snapshot. */
const trailerLength = 32;

/** Whether a snapshot is whole: as long as its first part said, and with the SHA-256 of the rest at its end. */
export class SnapshotCheck {
  readonly #hash = new Sha256();
  readonly #total: number;
  #received = 0;
  /** The last bytes so far: they may be the trailer. */
  #last: Uint8Array = new Uint8Array();

  /** etcd tells in each part how many bytes of the database are to follow; the trailer is none of them. */
  constructor(first: { readonly remainingBytes: bigint; readonly blob: Uint8Array } = none) {
    this.#total = Number(first.remainingBytes) + first.blob.length + trailerLength;
  }

  get progress(): SnapshotProgress {
    const [received, total] = [this.#received, this.#total];
    return { received, remaining: total - received, total };
  }

  add(part: Uint8Array): void {
    this.#received += part.length;
    const spare = Math.max(0, this.#last.length + part.length - trailerLength);
    const ofPart = Math.max(0, spare - this.#last.length);
    this.#hash.update(this.#last.subarray(0, spare)).update(part.subarray(0, ofPart));
    this.#last = joinBytes([this.#last.subarray(spare), part.subarray(ofPart)]);
  }

  /** Throws "corrupt" where something is missing or has changed. */
  finish(): void {
    if (this.#received !== this.#total) {
      throw new EtcdError(
        "corrupt",
        `The snapshot ended after ${this.#received} of ${this.#total} bytes: take another`,
      );
    }
    if (compareBytes(this.#hash.digest(), this.#last) !== 0) {
      throw new EtcdError("corrupt", "The snapshot is not what the server sent: its SHA-256 differs. Take another");
    }
  }
}

const none = { remainingBytes: 0n, blob: new Uint8Array() };
