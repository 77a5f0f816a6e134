import { EtcdError } from "../base/errors.ts";

const advice = "Read again, and watch from there";

/** Another cluster answers than before. */
export function otherCluster(clusterId: bigint, before: bigint): EtcdError {
  return new EtcdError("cluster-changed", `Watch: this is cluster ${clusterId}, it was ${before}. ${advice}`);
}

/** It is the same by its name, but revisions are gone that have been there. */
export function restoredCluster(revision: bigint, before: bigint): EtcdError {
  const text = `Watch: the cluster is at revision ${revision}, but had reached ${before}: it was restored from a backup`;
  return new EtcdError("cluster-changed", `${text}. ${advice}`);
}
