import { createRouterTransport } from "@connectrpc/connect";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import type { Etcd } from "../../../src/index.ts";
import { createServer } from "../../../src/memory/server.ts";
import { randomUint64 } from "../../../src/platform/random.ts";
import { createFakePlatform, type FakePlatform } from "../support/fake-platform.ts";
import { type LossyTransport, lossyTransport } from "../support/lossy-transport.ts";

/** An etcd in memory, a client whose calls get lost as the test says, and another one whose do not; time is the test's. */
export interface Scene {
  readonly platform: FakePlatform;
  readonly transport: LossyTransport;
  readonly etcd: Etcd;
  readonly other: Etcd;
}

export function scene(): Scene {
  const platform = createFakePlatform();
  const server = createServer({ clock: platform, random: randomUint64, progressIntervalMs: 500 });
  const sound = createRouterTransport(server.routes);
  const transport = lossyTransport(sound);
  return {
    platform,
    transport,
    etcd: createEtcdOn(platform, { transport }),
    other: createEtcdOn(platform, { transport: sound }),
  };
}
