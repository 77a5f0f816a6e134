import { suite, test } from "node:test";
import { expectAllThroughGrpcProxy } from "./gateway/under-writes.ts";

suite("watches and keep-alives through the gateway and grpc-proxy, under writes", () => {
  test("nothing is lost in twenty seconds", async () => {
    console.log(await expectAllThroughGrpcProxy({ version: "3.7", lastsMs: 20_000, pageEachMs: 1_000 }));
  });
});
