import { test } from "node:test";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { expect } from "chai";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import { KV } from "../../../src/proto.ts";
import { rejection } from "../../contract/expectations.ts";
import { createFakePlatform } from "../support/fake-platform.ts";

test("ready() that runs out of time says what an endpoint said last, not that its own time was up", async () => {
  const platform = createFakePlatform();
  let reads = 0;
  const transport = createRouterTransport(({ rpc }) => {
    rpc(KV.method.range, (_, { signal }) => {
      if (++reads === 1) throw new ConnectError("etcdserver: no leader", Code.Unavailable);
      return new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    });
  });
  const etcd = createEtcdOn(platform, { transport });
  const ready = rejection(etcd.ready({ timeoutMs: 3_000 }), "timeout");
  await platform.pass(3_000);
  expect((await ready).message).to.match(/within 3000 ms\. Last: .*no leader/);
  expect(reads).to.be.above(1);
});

test("ready() of a user who may read little goes on trying while the server is in trouble", async () => {
  const platform = createFakePlatform();
  let tries = 0;
  const transport = createRouterTransport(({ rpc }) => {
    rpc(KV.method.range, () => {
      throw new ConnectError("etcdserver: permission denied", Code.PermissionDenied);
    });
    rpc(KV.method.txn, () => {
      if (++tries === 1) throw new ConnectError("etcdserver: no leader", Code.Unavailable);
      return { header: { revision: 7n } };
    });
  });
  const ready = createEtcdOn(platform, { transport }).ready({ timeoutMs: 3_000 });
  ready.catch(() => {});
  await platform.pass(3_000);
  expect((await ready).revision).to.equal(7n);
});
