import { createHash, randomBytes } from "node:crypto";
import { joinBytes } from "../../base/bytes.ts";
import type { KeySpan } from "./key-spans.ts";

/**
 * The ids of the leases that pages behind this policy may have. A lease says nothing of whose it is, and whoever revokes
 * one deletes all its keys, wherever they are. So the gateway chooses the ids, and marks them: of 63 bits 39 are random,
 * and 24 follow from them and from the policy's keys. A lease of anybody else bears the mark by chance, once in 16
 * million; to make one that does gains nothing. Nothing is remembered: gateways with the same prefixes know each other's.
 */
export class LeaseIds {
  readonly #policy: Uint8Array;
  readonly #random: () => bigint;

  /** @param random 39 bits of it */
  constructor(spans: readonly KeySpan[], random: () => bigint = randomBits) {
    this.#policy = createHash("sha256").update(serialize(spans)).digest();
    this.#random = random;
  }

  /** One for a lease that is to be granted. */
  create(): bigint {
    const high = this.#random();
    return (high << 24n) | this.#mark(high);
  }

  /** Whether a lease of this id was granted through a gateway of this policy. */
  has(id: bigint): boolean {
    return id > 0n && (id & 0xff_ff_ffn) === this.#mark(id >> 24n);
  }

  #mark(high: bigint): bigint {
    const hash = createHash("sha256").update(this.#policy).update(high.toString()).digest();
    return BigInt(hash.readUIntBE(0, 3));
  }
}

function randomBits(): bigint {
  return randomBytes(8).readBigUInt64BE() >> 25n || 1n;
}

// Each part with its length before it, so that no two policies read the same.
function serialize(spans: readonly KeySpan[]): Uint8Array {
  const parts = spans.flatMap(({ from, to = new Uint8Array() }) => [from, to]);
  return joinBytes(parts.flatMap((part) => [new TextEncoder().encode(`${part.length}:`), part]));
}
