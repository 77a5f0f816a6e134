import { errors } from "./errors.ts";

/** What a password costs to try, unless told otherwise: PBKDF2 rounds. */
export const defaultRounds = 100_000;

// Of a stored password: how many rounds (4 bytes), the salt, the hash.
const saltBytes = 16;
const hashBytes = 32;
const longest = 72;
const encoder = new TextEncoder();

/** What is kept of a password. */
export async function hashPassword(password: string, rounds: number): Promise<Uint8Array> {
  const stored = new Uint8Array(4 + saltBytes + hashBytes);
  // bcrypt's limit, which etcd hashes with.
  if (encoder.encode(password).length > longest) throw errors.passwordTooLong();
  new DataView(stored.buffer).setUint32(0, rounds);
  const salt = crypto.getRandomValues(stored.subarray(4, 4 + saltBytes));
  stored.set(await derive(password, salt, rounds), 4 + saltBytes);
  return stored;
}

/** Whether it is the password this is kept of. A hash made elsewhere, such as bcrypt's, fits none. */
export async function isPassword(password: string, stored: Uint8Array): Promise<boolean> {
  if (stored.length !== 4 + saltBytes + hashBytes) return false;
  const rounds = new DataView(stored.buffer, stored.byteOffset).getUint32(0);
  const hash = await derive(password, stored.subarray(4, 4 + saltBytes), rounds);
  let difference = 0;
  for (const [index, byte] of hash.entries()) difference |= byte ^ (stored[4 + saltBytes + index] as number);
  return difference === 0;
}

async function derive(password: string, salt: Uint8Array, iterations: number): Promise<Uint8Array> {
  // Absent from pages that came over plain HTTP, but for those of this machine.
  const subtle: SubtleCrypto | undefined = crypto.subtle;
  if (subtle === undefined) throw errors.insecureContext();
  const key = await subtle.importKey("raw", encoder.encode(password), "PBKDF2", false, ["deriveBits"]);
  const algorithm = { name: "PBKDF2", hash: "SHA-256", salt: Uint8Array.from(salt), iterations };
  return new Uint8Array(await subtle.deriveBits(algorithm, key, 8 * hashBytes));
}
