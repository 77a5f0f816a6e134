import type { Place } from "../contenders/contender.ts";
import type { Caller } from "./caller.ts";

const loaders = {
  "etcd-web": async (place: Place) => (await import("./etcd-web.ts")).createEtcdWeb(place),
  "etcd-web, batching()": async (place: Place) => (await import("./etcd-web.ts")).createEtcdWebBatching(place),
  "Connect stub": async (place: Place) => (await import("./connect-stub.ts")).createConnectStub(place),
  "by hand": async (place: Place) => (await import("./by-hand.ts")).createByHand(place),
  "JSON gateway": async (place: Place) => (await import("./json-gateway.ts")).createJsonGateway(place),
  etcd3: async (place: Place) => (await import("./etcd3.ts")).createEtcd3(place),
} satisfies Record<string, (place: Place) => Promise<Caller>>;

/** A way to call. */
export type CallerName = keyof typeof loaders;

/** All of them. */
export const callerNames = Object.keys(loaders) as readonly CallerName[];

/** A caller, ready. */
export function createCaller(name: CallerName, place: Place): Promise<Caller> {
  return loaders[name](place);
}
