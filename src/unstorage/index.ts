/**
 * etcd as a driver for `unstorage`.
 *
 * @module etcd-web/unstorage
 */
export { type EtcdDriver, type EtcdDriverOptions, etcdDriver } from "./etcd-driver.ts";
