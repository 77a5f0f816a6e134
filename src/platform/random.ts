/** A random unsigned 64-bit number. Drawn when it is called: a Worker has no randomness at module scope. */
export function randomUint64(): bigint {
  const words = crypto.getRandomValues(new BigUint64Array(1));
  return words[0] ?? 0n;
}
