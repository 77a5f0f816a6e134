import { suite } from "node:test";
import { createRouterTransport } from "@connectrpc/connect";
import { createServer } from "../../src/memory/server.ts";
import { systemClock } from "../../src/platform/clock.ts";
import { randomUint64 } from "../../src/platform/random.ts";
import { contract } from "../contract/contract.ts";
import { until } from "../contract/expectations.ts";
import type { Target } from "../contract/suite.ts";
import { mountContract } from "./mount.ts";

suite("memory, in process", () => {
  const server = createServer({ clock: systemClock, random: randomUint64, progressIntervalMs: 500 });
  const target: Target = {
    options: { transport: createRouterTransport(server.routes) },
    traits: { keysOnlyWithLease: false, rangeStream: true },
    settled: () => until("the server holds no stream", () => server.core.connections.size === 0),
  };
  // There is no fetch on the way that a case could break.
  mountContract(
    () => target,
    contract.filter(({ needsEndpoints }) => !needsEndpoints),
  );
});
