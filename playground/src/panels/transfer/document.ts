import { EtcdError } from "etcd-web";
import { keyText, utf8 } from "../../text/key-text.ts";
import { wordsOf } from "../../text/words-of.ts";

/** Keys and values, as they are exported and imported. */
export interface KeysDocument {
  /** All keys begin with it. */
  readonly prefix: Uint8Array;
  /** At which they were read. */
  readonly revision: bigint | undefined;
  readonly entries: readonly Entry[];
}

/** A key and its value. */
export interface Entry {
  readonly key: Uint8Array;
  readonly value: Uint8Array;
}

/** Text as it is; what is not UTF-8 as base64. */
type JsonBytes = string | { readonly base64: string };

const format = "etcd-web/keys/1";
const encoder = new TextEncoder();

/** A document as JSON, for people and for {@link parseDocument}. */
export function formatDocument({ prefix, revision, entries }: KeysDocument): string {
  const keys = entries.map(({ key, value }) => ({ key: toJson(key), value: toJson(value) }));
  return `${JSON.stringify({ format, prefix: toJson(prefix), revision: revision?.toString(), keys }, undefined, 2)}\n`;
}

/** The document of a JSON text. Throws "invalid-argument" and says where. */
export function parseDocument(text: string): KeysDocument {
  const document = parseJson(text);
  if (!isRecord(document) || document.format !== format)
    throw invalid(`"format" is not "${format}": this was not exported here`);
  const { prefix: given, revision, keys } = document;
  if (!Array.isArray(keys)) throw invalid('"keys" is not an array');
  const prefix = toBytes(given, "prefix");
  const entries = keys.map((entry: unknown, index) => toEntry(entry, `keys[${index}]`, prefix));
  const twice = findTwice(entries);
  if (twice !== undefined) throw invalid(`the key ${twice} is there twice`);
  return {
    prefix,
    entries,
    revision: typeof revision === "string" && /^\d+$/.test(revision) ? BigInt(revision) : undefined,
  };
}

/** The same keys under another prefix. */
export function movedTo(prefix: Uint8Array, document: KeysDocument): KeysDocument {
  const move = (key: Uint8Array): Uint8Array => Uint8Array.of(...prefix, ...key.subarray(document.prefix.length));
  return { ...document, prefix, entries: document.entries.map(({ key, value }) => ({ key: move(key), value })) };
}

function toEntry(entry: unknown, where: string, prefix: Uint8Array): Entry {
  if (!isRecord(entry)) throw invalid(`${where} is not an object`);
  const key = toBytes(entry.key, `${where}.key`);
  if (key.length === 0) throw invalid(`${where}.key is empty`);
  if (!prefix.every((byte, index) => key[index] === byte)) throw invalid(`${where}.key does not begin with the prefix`);
  return { key, value: toBytes(entry.value, `${where}.value`) };
}

function findTwice(entries: readonly Entry[]): string | undefined {
  const seen = new Set<string>();
  return entries.map(({ key }) => keyText(key)).find((text) => seen.size === seen.add(text).size);
}

function toJson(bytes: Uint8Array): JsonBytes {
  return utf8(bytes) ?? { base64: toBase64(bytes) };
}

function toBytes(value: unknown, where: string): Uint8Array {
  if (typeof value === "string") return encoder.encode(value);
  if (isRecord(value) && typeof value.base64 === "string") return fromBase64(value.base64, where);
  throw invalid(`${where} is neither a string nor {"base64": "…"}`);
}

function toBase64(bytes: Uint8Array): string {
  let binary = "";
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary);
}

function fromBase64(text: string, where: string): Uint8Array {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    throw invalid(`${where} is not base64`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(wordsOf(error));
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function invalid(what: string): EtcdError {
  return new EtcdError("invalid-argument", `This is no list of keys: ${what}`);
}
