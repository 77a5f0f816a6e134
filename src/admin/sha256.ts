/**
 * SHA-256 of bytes that come in parts (FIPS 180-4). WebCrypto wants all of them at once, and a snapshot may be larger
 * than the memory.
 */
export class Sha256 {
  readonly #state = Int32Array.from(initial);
  readonly #block = new Uint8Array(64);
  readonly #view = new DataView(this.#block.buffer);
  readonly #words = new Int32Array(64);
  #length = 0;

  update(bytes: Uint8Array): this {
    for (let read = 0; read < bytes.length; ) {
      const filled = this.#length % 64;
      const part = bytes.subarray(read, read + 64 - filled);
      this.#block.set(part, filled);
      this.#length += part.length;
      read += part.length;
      if (this.#length % 64 === 0) this.#compress();
    }
    return this;
  }

  /** The 32 bytes; nothing can be added afterwards. */
  digest(): Uint8Array {
    const length = this.#length;
    const zeros = (119 - (length % 64)) % 64;
    const end = new DataView(new ArrayBuffer(1 + zeros + 8));
    end.setUint8(0, 0x80);
    end.setBigUint64(1 + zeros, BigInt(length) * 8n);
    this.update(new Uint8Array(end.buffer));
    const digest = new DataView(new ArrayBuffer(32));
    this.#state.forEach((word, i) => {
      digest.setInt32(4 * i, word);
    });
    return new Uint8Array(digest.buffer);
  }

  #compress(): void {
    const w = this.#words;
    for (let i = 0; i < 16; i++) w[i] = this.#view.getInt32(4 * i);
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15] as number;
      const y = w[i - 2] as number;
      const s0 = rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3);
      const s1 = rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10);
      w[i] = ((w[i - 16] as number) + s0 + (w[i - 7] as number) + s1) | 0;
    }
    const state = this.#state as unknown as Eight;
    // One by one: to take a typed array apart costs more than to hash a block.
    let a = state[0];
    let b = state[1];
    let c = state[2];
    let d = state[3];
    let e = state[4];
    let f = state[5];
    let g = state[6];
    let h = state[7];
    for (let i = 0; i < 64; i++) {
      const s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (constants[i] as number) + (w[i] as number)) | 0;
      const s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
}

type Eight = [number, number, number, number, number, number, number, number];

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

const primes: readonly number[] = firstPrimes(64);
/** First 32 bits of the fractional parts of the square roots of the first 8 primes. */
const initial: readonly number[] = primes.slice(0, 8).map((prime) => fraction(prime ** (1 / 2)));
/** As many of the cube roots of the first 64. */
const constants: Int32Array = Int32Array.from(primes, (prime) => fraction(prime ** (1 / 3)));

function fraction(root: number): number {
  return ((root % 1) * 2 ** 32) | 0;
}

function firstPrimes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((prime) => n % prime !== 0)) found.push(n);
  return found;
}
