/**
 * The origin that somebody has written down, or undefined where it is none: a trailing slash is forgiven; "*" and "null",
 * which stand for more than one, are not.
 */
export function toOrigin(given: string): string | undefined {
  const url = URL.canParse(given) ? new URL(given) : undefined;
  const isOne = url !== undefined && url.origin !== "null" && !given.includes("*");
  return isOne && url.href === `${url.origin}/` ? url.origin : undefined;
}
