import type { Place } from "../contenders/contender.ts";
import type { goClient } from "../contenders/contenders.ts";
import type { Caller } from "./caller.ts";
import { webCallers, loaders as webLoaders } from "./web-callers.ts";

const loaders = {
  ...webLoaders,
  "JSON gateway, Envoy": async (place: Place) =>
    (await import("./json-gateway.ts")).createJsonGateway({ etcd: place.json }),
  etcd3: async (place: Place) => (await import("./etcd3.ts")).createEtcd3(place),
  "etcd3, Envoy": async (place: Place) =>
    (await import("./etcd3.ts")).createEtcd3({ etcd: place.envoy, etcd3: place.etcd3 }),
} satisfies Record<string, (place: Place) => Promise<Caller>>;

/** A way to call that is written in JavaScript. */
export type LoadedCallerName = keyof typeof loaders;

/** A way to call. */
export type CallerName = LoadedCallerName | typeof goClient;

/** All that differ in their calls. */
export const loadedCallers = [
  ...webCallers,
  "JSON gateway, Envoy",
  "etcd3",
  "etcd3, Envoy",
] as const satisfies readonly LoadedCallerName[];

/** A caller, ready. */
export function createCaller(name: LoadedCallerName, place: Place): Promise<Caller> {
  return loaders[name](place);
}
