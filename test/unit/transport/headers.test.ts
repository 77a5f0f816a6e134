import { test } from "node:test";
import { expect } from "chai";
import { batching, createEtcd } from "../../../src/index.ts";
import { createMemoryEtcd } from "../../../src/memory/index.ts";
import { rejection, thrown } from "../../contract/expectations.ts";

for (const [name, headers] of [
  ["a name that is none", { "no name": "x" }],
  ["a value of two lines", { name: "one\r\ntwo: 2" }],
] as const) {
  test(`headers that no request can carry are refused at once: ${name}`, async () => {
    await using memory = createMemoryEtcd();
    const { transport } = memory;
    const errors = [thrown(() => createEtcd({ transport, headers }), "invalid-argument")];
    for (const plugins of [[], [batching()]]) {
      await using etcd = createEtcd({ transport, plugins });
      errors.push(thrown(() => etcd.watch("a", { headers }), "invalid-argument"));
      for (const call of [
        () => etcd.get("a", { headers }),
        () => etcd.put("a", "1", { headers }),
        () => etcd.lease({ ttlSeconds: 9, headers }),
      ]) {
        errors.push(await rejection(call(), "invalid-argument"));
      }
    }
    for (const { message } of errors) expect(message).to.match(/^headers: /);
  });
}
