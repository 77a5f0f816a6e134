import type { Place } from "../contenders/contender.ts";
import type { Caller } from "./caller.ts";

/** Who needs no more than a page has. */
export const loaders = {
  "etcd-web": async (place: Place) => (await import("./etcd-web.ts")).createEtcdWeb(place),
  "etcd-web, batching()": async (place: Place) => (await import("./etcd-web.ts")).createEtcdWebBatching(place),
  "etcd-web, range()": async (place: Place) => (await import("./etcd-web.ts")).createEtcdWebRange(place),
  "Connect stub": async (place: Place) => (await import("./connect-stub.ts")).createConnectStub(place),
  "by hand": async (place: Place) => (await import("./by-hand.ts")).createByHand(place),
  "JSON gateway": async (place: Place) => (await import("./json-gateway.ts")).createJsonGateway(place),
} satisfies Record<string, (place: Place) => Promise<Caller>>;

/** A caller that runs in a page too. */
export type WebCallerName = keyof typeof loaders;

/** All that differ in their calls. */
export const webCallers = [
  "etcd-web",
  "etcd-web, batching()",
  "Connect stub",
  "by hand",
  "JSON gateway",
] as const satisfies readonly WebCallerName[];

/** One of them, ready. */
export function createWebCaller(name: WebCallerName, place: Place): Promise<Caller> {
  return loaders[name](place);
}
