import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { toKeySpans } from "../../../../src/gateway/policy/key-spans.ts";
import { LeaseIds } from "../../../../src/gateway/policy/lease-ids.ts";

describe("the ids of a policy's leases", () => {
  const ids = new LeaseIds(toKeySpans(["a/", "b/"]));

  it("are known again, by any gateway with these prefixes, and fit etcd's", () => {
    const other = new LeaseIds(toKeySpans(["b/", "a/"]));
    for (let i = 0; i < 1_000; i++) {
      const id = ids.create();
      assert.ok(id > 0n && id < 2n ** 63n, String(id));
      assert.ok(ids.has(id) && other.has(id), String(id));
    }
  });

  it("are not those of other prefixes, nor of anybody else", () => {
    const other = new LeaseIds(toKeySpans(["a/"]));
    const joined = new LeaseIds(toKeySpans(["a/b/"]));
    let shared = 0;
    for (let i = 0; i < 1_000; i++) {
      const id = ids.create();
      if (other.has(id) || joined.has(id) || ids.has(id + 1n) || ids.has(BigInt(i))) shared++;
    }
    assert.ok(shared <= 1, `${shared} of 4,000 by chance, where one in 16 million is`);
  });

  it("come from as many random bits as there are left", () => {
    assert.ok(new LeaseIds([], () => 2n ** 39n - 1n).create() < 2n ** 63n);
    assert.ok(new LeaseIds([], () => 1n).create() > 0n);
  });
});
