import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import type { Etcd } from "../../../src/index.ts";
import { type SharedReader, shareTabsOn } from "../../../src/live/tabs/share-tabs.ts";
import { createMemoryEtcd, type MemoryEtcd } from "../../../src/memory/index.ts";
import { createFakePlatform, type FakePlatform } from "./fake-platform.ts";
import { createFakeOrigin, type FakeOrigin, type FakeTab } from "./fake-tabs.ts";

/** A tab that shares its watches. */
export type SharingTab = FakeTab & { readonly shared: SharedReader };

/** Tabs of one origin on an etcd in memory, and somebody who writes. */
export interface TabsScene {
  readonly platform: FakePlatform;
  readonly origin: FakeOrigin;
  readonly memory: MemoryEtcd;
  readonly writer: Etcd;
  open(): SharingTab;
}

export function tabsScene(random: () => number = () => 0.5): TabsScene {
  const platform = createFakePlatform();
  const memory = createMemoryEtcd({ clock: platform });
  const origin = createFakeOrigin(platform, memory, random);
  const writer = createEtcdOn(platform, { transport: memory.transport });
  const open = (): SharingTab => {
    const tab = origin.open();
    return Object.assign(tab, { shared: shareTabsOn(tab.tabs, tab.etcd, { name: "alice" }) });
  };
  return { platform, origin, memory, writer, open };
}
