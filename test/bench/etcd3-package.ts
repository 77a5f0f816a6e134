import { cachedPackages } from "../fixtures/cached-packages.ts";

/** What is compared with. */
export const etcd3Release = "1.1.2";

/** The folder where microsoft/etcd3 is installed. */
export function installEtcd3(): Promise<string> {
  return cachedPackages(`etcd3-${etcd3Release}`, [`etcd3@${etcd3Release}`]);
}
