import type { Contender, Place } from "./contender.ts";

/** Who is compared. Each is loaded when it runs, so that no process carries another's code. */
const loaders = {
  "etcd-web": async (place: Place) => (await import("./etcd-web.ts")).createEtcdWeb(place),
  "etcd-web, batches()": async (place: Place) => (await import("./etcd-web.ts")).createEtcdWebBatches(place),
  "Connect stub": async (place: Place) => (await import("./connect-stub.ts")).createConnectStub(place),
  "Connect stub, a call each": async (place: Place) => (await import("./connect-stub.ts")).createConnectStubEach(place),
  "Connect stub, in parts": async (place: Place) => (await import("./connect-stub.ts")).createConnectStub(place, true),
  "JSON gateway": async (place: Place) => (await import("./json-gateway.ts")).createJsonGateway(place),
  etcd3: async (place: Place) => (await import("./etcd3.ts")).createEtcd3(place),
} satisfies Record<string, (place: Place) => Promise<Contender>>;

/** A way to watch. */
export type ContenderName = keyof typeof loaders;

/** The one that ratios are to. */
export const anchor: ContenderName = "Connect stub";

/** A contender, ready to open watches. */
export function createContender(name: ContenderName, place: Place): Promise<Contender> {
  return loaders[name](place);
}
