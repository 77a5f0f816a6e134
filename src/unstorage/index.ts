export { type EtcdDriver, type EtcdDriverOptions, type EtcdItemOptions, etcdDriver } from "./etcd-driver.ts";
