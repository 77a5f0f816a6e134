import { createHash } from "node:crypto";
import { test } from "node:test";
import { expect } from "chai";
import { Sha256 } from "../../../src/admin/sha256.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const hex = (digest: Uint8Array): string => Buffer.from(digest).toString("hex");

// FIPS 180-4's examples, as NIST publishes them.
for (const [name, message, digest] of [
  ["nothing", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
  ["one block", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
  [
    "two blocks",
    "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
    "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
  ],
  ["a million letters", "a".repeat(1e6), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"],
] as const) {
  test(`Sha256 of ${name}`, () => {
    expect(hex(new Sha256().update(bytes(message)).digest())).to.equal(digest);
  });
}

test("Sha256 of any length, in any parts, is what OpenSSL says", () => {
  for (let length = 0; length <= 200; length++) {
    const message = Uint8Array.from({ length }, (_, i) => (i * 31 + length) % 256);
    const expected = createHash("sha256").update(message).digest("hex");
    for (const size of [1, 7, 63, 64, 65, 200]) {
      const hash = new Sha256();
      for (let at = 0; at < length; at += size) hash.update(message.subarray(at, at + size));
      expect(hex(hash.digest()), `${length} bytes, ${size} at a time`).to.equal(expected);
    }
  }
});
