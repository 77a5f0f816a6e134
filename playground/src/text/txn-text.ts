import { bytesLiteral } from "./key-text.ts";

/** A line for each, with a comma, at this indentation. */
export function linesCode(lines: readonly string[], indent: string): string {
  return lines.map((line) => `${indent}${line},\n`).join("");
}

/** A property that is a list, in an object literal at this indentation; nothing where there is nothing in it. */
export function listCode(name: string, lines: readonly string[], indent = ""): string {
  if (lines.length === 0) return "";
  return `${indent}  ${name}: [\n${linesCode(lines, `${indent}    `)}${indent}  ],\n`;
}

/** The condition that a key is still as it was seen; undefined: not there. */
export function asSeenCode(key: Uint8Array, seen: { readonly modRevision: bigint } | undefined): string {
  const literal = bytesLiteral(key);
  return seen === undefined
    ? `compare.missing(${literal})`
    : `compare.modRevision(${literal}).equals(${seen.modRevision}n)`;
}

/** A lease that nobody keeps alive, as `lease`. */
export function grantCode(ttlSeconds: number): string {
  return `const lease = await etcd.lease({ ttlSeconds: ${ttlSeconds}, keepAlive: false });\n`;
}
