export { EtcdFlagProvider, type EtcdFlagProviderOptions } from "./etcd-flag-provider.ts";
