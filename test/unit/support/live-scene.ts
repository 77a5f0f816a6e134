import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import type { Etcd } from "../../../src/index.ts";
import { createMemoryEtcd, type MemoryEtcd } from "../../../src/memory/index.ts";
import { createFakePlatform, type FakePlatform } from "./fake-platform.ts";

/** An etcd in memory whose time stands still but for what is told to pass, and clients of it. */
export interface LiveScene {
  readonly platform: FakePlatform;
  readonly memory: MemoryEtcd;
  readonly etcd: Etcd;
  readonly client: () => Etcd;
  /** Lets calls and streams do what is due. */
  turn(): Promise<void>;
}

export function liveScene(): LiveScene {
  const platform = createFakePlatform();
  const memory = createMemoryEtcd({ clock: platform });
  const client = (): Etcd => createEtcdOn(platform, { transport: memory.transport });
  const turn = async (): Promise<void> => {
    for (let i = 0; i < 5; i++) await platform.pass(0);
  };
  return { platform, memory, etcd: client(), client, turn };
}
