export { createGateway, type Gateway, type GatewayHealth } from "./gateway.ts";
export type { GatewayLimits } from "./limits.ts";
export type { EtcdBehind, GatewayMonitor, GatewayOptions, GatewayTls, MemoryBehind } from "./options.ts";
export { defaultMethods, type GatewayPolicy } from "./policy/options.ts";
export type { EtcdTls } from "./upstream/etcd-tls.ts";
