/** A put for the first click. */
export interface Example {
  readonly key: string;
  readonly value: string;
}

/** A put that a watch of `prefix` will see; none for a prefix that is not text. */
export function exampleFor(prefix: string): Example | undefined {
  if (prefix.startsWith("base64:")) return undefined;
  const key = "config/theme".startsWith(prefix) ? "config/theme" : `${prefix}example`;
  return { key, value: "dark" };
}
