/**
 * gRPC-Web before etcd, for Node: with a policy that is closed by default.
 *
 * @module etcd-web/gateway
 */
export { createGateway, type Gateway, type GatewayHealth } from "./gateway.ts";
export type { GatewayLimits } from "./limits.ts";
export type { EtcdBehind, GatewayMonitor, GatewayOptions, GatewayTls, MemoryBehind } from "./options.ts";
export { defaultMethods, type GatewayPolicy } from "./policy/options.ts";
export type { EtcdTls } from "./upstream/etcd-tls.ts";
