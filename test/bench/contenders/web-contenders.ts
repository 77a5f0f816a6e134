import type { Contender, Place } from "./contender.ts";

/** Who needs no more than a page has. */
export const loaders = {
  "etcd-web": async (place: Place) => (await import("./etcd-web.ts")).createEtcdWeb(place),
  "etcd-web, batches()": async (place: Place) => (await import("./etcd-web.ts")).createEtcdWebBatches(place),
  "Connect stub": async (place: Place) => (await import("./connect-stub.ts")).createConnectStub(place),
  "Connect stub, a call each": async (place: Place) => (await import("./connect-stub.ts")).createConnectStubEach(place),
  "Connect stub, in parts": async (place: Place) =>
    (await import("./connect-stub.ts")).createConnectStub(place, { fragment: true }),
  "Connect stub, reopened": async (place: Place) =>
    (await import("./connect-stub.ts")).createConnectStub(place, { reopen: true }),
  "by hand": async (place: Place) => (await import("./by-hand.ts")).createByHand(place),
  "JSON gateway": async (place: Place) => (await import("./json-gateway.ts")).createJsonGateway(place),
  "JSON gateway, reopened": async (place: Place) => (await import("./json-gateway.ts")).createJsonGateway(place, true),
} satisfies Record<string, (place: Place) => Promise<Contender>>;

/** A contender that runs in a page too. */
export type WebContenderName = keyof typeof loaders;

/** One of them, ready to open watches. */
export function createWebContender(name: WebContenderName, place: Place): Promise<Contender> {
  return loaders[name](place);
}
