import { test } from "node:test";
import { expect } from "chai";
import { backoffMs } from "../../../src/base/backoff.ts";
import { compareBytes, own, toPrintable } from "../../../src/base/bytes.ts";
import { EtcdError, isEtcdError } from "../../../src/base/errors.ts";
import { toJson } from "../../../src/base/json.ts";
import { KeyValue } from "../../../src/base/key-value.ts";
import { toLeaseId } from "../../../src/base/lease-ref.ts";
import { toInt64 } from "../../../src/base/numbers.ts";
import type { StandardSchema } from "../../../src/base/standard-schema.ts";
import { thrown } from "../../contract/expectations.ts";

test("toInt64() takes bigints and safe integers, and loses nothing", () => {
  for (const value of [0, 1, Number.MAX_SAFE_INTEGER]) expect(toInt64(value, "It")).to.equal(BigInt(value));
  expect(toInt64(2n ** 63n - 1n, "It")).to.equal(9223372036854775807n);
  for (const value of [2 ** 53, -1, -1n, 0.1, Number.NaN, Number.POSITIVE_INFINITY, 2n ** 63n]) {
    thrown(() => toInt64(value, "It"), "invalid-argument");
  }
  for (const value of ["7", null, {}]) thrown(() => toInt64(value as unknown as bigint, "It"), "invalid-argument");
});

test("toLeaseId() takes a lease, its id, or none", () => {
  expect([toLeaseId(undefined), toLeaseId(7), toLeaseId(7n), toLeaseId({ id: 7n })]).to.deep.equal([0n, 7n, 7n, 7n]);
});

test("compareBytes() orders as etcd does", () => {
  const sorted = [[], [0], [0, 0], [0, 1], [1], [0x7f], [0x80], [0xff], [0xff, 0]].map((each) => Uint8Array.from(each));
  expect([...sorted].reverse().sort(compareBytes)).to.deep.equal(sorted);
});

test("own() copies a view, so that a small key does not hold a large response", () => {
  const response = new Uint8Array(1025);
  const view = response.subarray(10, 12);
  expect(own(view).buffer.byteLength).to.equal(2);
  expect(own(response)).to.equal(response);
  const inSmall = new Uint8Array(1024).subarray(10, 12);
  expect(own(inSmall)).to.equal(inSmall);
});

test("toPrintable() is text from which the bytes can be had back", () => {
  const table: [Uint8Array, string][] = [
    [new TextEncoder().encode("é"), "é"],
    [Uint8Array.of(0xff), "base64:/w=="],
    [new TextEncoder().encode("base64:/w=="), "base64:YmFzZTY0Oi93PT0="],
    [new Uint8Array(), ""],
  ];
  for (const [bytes, text] of table) expect(toPrintable(bytes)).to.equal(text);
});

test("toJson() goes all the way down", () => {
  const value = { a: 1n, b: [Uint8Array.of(0x61), { c: 2n }], d: undefined, e: null, f: "x", g: true };
  expect(toJson(value)).to.deep.equal({ a: "1", b: ["a", { c: "2" }], d: undefined, e: null, f: "x", g: true });
});

test("backoffMs() doubles its bound up to the longest, and draws below it", () => {
  const backoff = { firstMs: 100, longestMs: 1000 };
  const bounds = [1, 2, 3, 4, 5, 50].map((attempt) => backoffMs(backoff, attempt, () => 1));
  expect(bounds).to.deep.equal([100, 200, 400, 800, 1000, 1000]);
  expect(backoffMs(backoff, 3, () => 0)).to.equal(0);
  expect(backoffMs(backoff, 3, () => 0.5)).to.equal(200);
});

test("isEtcdError() tells by shape, also across two copies of the package", () => {
  const error = new EtcdError("compacted", "gone", { compactRevision: 7n });
  const foreign = Object.assign(new Error("gone"), { name: "EtcdError", code: "compacted" });
  for (const each of [error, foreign]) {
    expect([isEtcdError(each), isEtcdError(each, "compacted"), isEtcdError(each, "closed")]).to.deep.equal([
      true,
      true,
      false,
    ]);
  }
  for (const other of [undefined, null, "EtcdError", { name: "EtcdError", code: "closed" }, new Error("closed")]) {
    expect(isEtcdError(other)).to.equal(false);
  }
});

test("EtcdError says by its code whether the same call may succeed later", () => {
  expect(new EtcdError("unavailable", "").retryable).to.equal(true);
  expect(new EtcdError("compacted", "").retryable).to.equal(false);
  expect("cause" in new EtcdError("closed", "")).to.equal(false);
});

test("keyText() throws where the key is not UTF-8; text() does not, whatever the value", () => {
  const kv = pair(Uint8Array.of(0xff), Uint8Array.of(0xff));
  thrown(() => kv.keyText(), "invalid-argument");
  expect(kv.text()).to.equal("\ufffd");
});

test("json() parses, and validates with any Standard Schema", () => {
  const kv = pair("config/size", "12");
  const positive: StandardSchema<number> = {
    "~standard": {
      version: 1,
      vendor: "test",
      validate: (value) => (Number(value) > 0 ? { value: Number(value) } : { issues: [{ message: "Not positive" }] }),
    },
  };
  expect(kv.json(positive)).to.equal(12);
  const error = thrown(() => pair("config/size", "-1").json(positive), "invalid-argument");
  expect(error.message).to.equal("The value of config/size does not pass its schema: Not positive");
  const broken = thrown(() => pair("config/size", "{").json(), "invalid-argument");
  expect(broken.message).to.equal("The value of config/size is not JSON");
  expect(broken.cause).to.be.instanceOf(SyntaxError);
});

function pair(key: string | Uint8Array, value: string | Uint8Array): KeyValue {
  const encode = (each: string | Uint8Array): Uint8Array =>
    typeof each === "string" ? new TextEncoder().encode(each) : each;
  return KeyValue.from({
    key: encode(key),
    value: encode(value),
    createRevision: 2n,
    modRevision: 2n,
    version: 1n,
    lease: 0n,
  });
}
