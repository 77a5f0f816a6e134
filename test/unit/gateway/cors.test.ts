import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { cors } from "../../../src/index.ts";
import { send, startGateway } from "./fixture.ts";

const origin = "https://app.example.com";
const preflight = {
  method: "OPTIONS",
  headers: { origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type,token" },
};

describe("CORS", () => {
  it("answers the preflight of an allowed origin with the exported list", async () => {
    await using started = await startGateway({ origins: [origin] });
    const { status, headers } = await send(started.gateway, preflight);
    assert.equal(status, 204);
    assert.equal(headers["access-control-allow-origin"], origin);
    assert.equal(headers["access-control-allow-headers"], cors.allowedHeaders.join(", "));
    assert.equal(headers["access-control-allow-methods"], cors.allowedMethods.join(", "));
    assert.equal(started.stub.calls, 0);
  });

  it("lets an allowed page read the answer, and keeps caches from giving it to another", async () => {
    await using started = await startGateway({ origins: [`${origin}/`] });
    const { status, headers } = await send(started.gateway, { headers: { origin } });
    assert.equal(status, 200);
    assert.equal(headers["access-control-allow-origin"], origin);
    assert.equal(headers["access-control-expose-headers"], cors.exposedHeaders.join(", "));
    assert.equal(headers.vary, "origin");
    assert.equal(headers["access-control-allow-credentials"], undefined);
  });

  for (const [what, request] of Object.entries({ preflight, call: { headers: { origin } }, program: {} })) {
    it(`says nothing of CORS where nobody was allowed: ${what}`, async () => {
      await using started = await startGateway();
      const { status, headers } = await send(started.gateway, request);
      assert.equal(status, what === "program" ? 200 : 403);
      assert.deepEqual(
        Object.keys(headers).filter((name) => name.startsWith("access-control-")),
        [],
      );
    });
  }
});
