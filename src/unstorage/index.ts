export { type EtcdDriver, type EtcdDriverOptions, etcdDriver } from "./etcd-driver.ts";
