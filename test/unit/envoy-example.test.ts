import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cors } from "../../src/transport/cors.ts";
import { readEnvoyExample } from "../fixtures/envoy-config.ts";

for (const example of ["envoy.yaml", "envoy-tls.yaml"] as const) {
  describe(`the shipped ${example}`, async () => {
    const { corsPolicy, connectionManager, route } = await readEnvoyExample(example);

    it("lets a page send and read what the exported CORS list says", () => {
      assert.deepEqual(corsPolicy.allow_headers.split(","), cors.allowedHeaders);
      assert.deepEqual(corsPolicy.expose_headers.split(","), cors.exposedHeaders);
      assert.deepEqual(corsPolicy.allow_methods.split(","), cors.allowedMethods);
    });

    it("ends no watch by a time-out", () => {
      assert.equal(route.route.timeout, "0s");
      assert.equal(connectionManager.stream_idle_timeout, "0s");
    });

    it("answers CORS first, then turns gRPC-Web into gRPC", () => {
      const order = connectionManager.http_filters.map(({ name }) => name.replace("envoy.filters.http.", ""));
      assert.deepEqual(order, ["cors", "grpc_web", "router"]);
    });
  });
}
