import { suite, test } from "node:test";
import { expectAllThroughGrpcProxy } from "../run/gateway/under-writes.ts";

suite("watches and keep-alives through the gateway and grpc-proxy, under writes", () => {
  for (const version of ["3.5", "3.7"] as const) {
    test(`etcd ${version}: nothing is lost in ten minutes`, async () => {
      console.log(await expectAllThroughGrpcProxy({ version, lastsMs: 600_000, pageEachMs: 15_000 }));
    });
  }
});
