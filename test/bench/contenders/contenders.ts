import type { Contender, Place } from "./contender.ts";
import { loaders as webLoaders } from "./web-contenders.ts";

/** Who is compared in Node. Each is loaded when it runs, so that no process carries another's code. */
const loaders = {
  ...webLoaders,
  "JSON gateway, Envoy": async (place: Place) =>
    (await import("./json-gateway.ts")).createJsonGateway({ etcd: place.json }),
  etcd3: async (place: Place) => (await import("./etcd3.ts")).createEtcd3(place),
  "etcd3, Envoy": async (place: Place) =>
    (await import("./etcd3.ts")).createEtcd3({ etcd: place.envoy, etcd3: place.etcd3 }),
} satisfies Record<string, (place: Place) => Promise<Contender>>;

/** etcd's own client does its jobs by itself: see `go/`. */
export const goClient = "Go client";

/** A way to watch. */
export type ContenderName = keyof typeof loaders | typeof goClient;

/** A contender, ready to open watches. */
export function createContender(name: ContenderName, place: Place): Promise<Contender> {
  if (name === goClient) throw new Error("Go's client cannot be loaded");
  return loaders[name](place);
}
