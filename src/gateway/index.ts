export { createGateway, type Gateway } from "./gateway.ts";
export type { EtcdBehind, GatewayOptions, MemoryBehind } from "./options.ts";
export type { EtcdTls } from "./upstream/etcd-tls.ts";
