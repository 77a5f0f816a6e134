import { test } from "node:test";
import { expect } from "chai";
import { toPermissionInit, toRange } from "../../../src/admin/permission.ts";
import { type Range, toKeyRange } from "../../../src/base/range.ts";
import { thrown } from "../../contract/expectations.ts";

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

for (const [given, shown] of [
  ["a", { key: bytes("a") }],
  [{ prefix: "a/" }, { prefix: bytes("a/") }],
  [{ from: "a/", to: "a0" }, { prefix: bytes("a/") }],
  [
    { from: "a", to: "c" },
    { from: bytes("a"), to: bytes("c") },
  ],
  [{ from: "a" }, { from: bytes("a") }],
  [{ prefix: Uint8Array.of(0xff) }, { from: Uint8Array.of(0xff) }],
  [{ all: true }, { all: true }],
  [{ prefix: "" }, { all: true }],
  [{ from: "" }, { all: true }],
] as const satisfies readonly (readonly [Range, Range])[]) {
  test(`a permission of ${JSON.stringify(given)} is shown as it can be taken back`, () => {
    const range = toRange(toKeyRange(given));
    expect(range).to.deep.equal(shown);
    expect(toKeyRange(range)).to.deep.equal(toKeyRange(given));
  });
}

test("a permission is for read, write or readwrite", () => {
  for (const access of ["", "READ", "rw", undefined]) {
    expect(thrown(() => toPermissionInit("a", access as "read"), "invalid-argument").message).to.contain("readwrite");
  }
});
