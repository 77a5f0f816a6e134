/**
 * Feature flags in etcd, for `@openfeature/web-sdk`.
 *
 * @module etcd-web/openfeature
 */
export { EtcdFlagProvider, type EtcdFlagProviderOptions } from "./etcd-flag-provider.ts";
