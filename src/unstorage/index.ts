/**
 * etcd as a driver for `unstorage`.
 *
 * @module etcd-web/unstorage
 */
export { type EtcdDriver, type EtcdDriverOptions, type EtcdItemOptions, etcdDriver } from "./etcd-driver.ts";
