import type { Transport } from "@connectrpc/connect";
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
  /** From now on all calls meet this one; streams stay where they are. */
  replace(etcd: Pick<MemoryEtcd, "transport">): void;
}

export function tabsScene(random: () => number = () => 0.5): TabsScene {
  const platform = createFakePlatform();
  const memory = createMemoryEtcd({ clock: platform });
  let { transport: present } = memory;
  const transport: Transport = {
    unary: (...call) => present.unary(...call),
    stream: (...call) => present.stream(...call),
  };
  const origin = createFakeOrigin(platform, transport, random);
  const writer = createEtcdOn(platform, { transport });
  const open = (): SharingTab => {
    const tab = origin.open();
    return Object.assign(tab, { shared: shareTabsOn(tab.tabs, tab.etcd, { name: "alice" }) });
  };
  const replace: TabsScene["replace"] = (other) => {
    present = other.transport;
  };
  return { platform, origin, memory, writer, open, replace };
}
