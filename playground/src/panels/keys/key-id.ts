/**
 * A key as a string of one character a byte: half the size of text, compares in etcd's order with `<`, serves as a
 * map's key, and holds keys that are not text.
 */
export type KeyId = string;

const chunk = 8_192;

export function toKeyId(key: Uint8Array): KeyId {
  if (key.length <= chunk) return String.fromCharCode(...key);
  let id = "";
  for (let at = 0; at < key.length; at += chunk) id += String.fromCharCode(...key.subarray(at, at + chunk));
  return id;
}

export function toKey(id: KeyId): Uint8Array {
  return Uint8Array.from(id, (character) => character.charCodeAt(0));
}
