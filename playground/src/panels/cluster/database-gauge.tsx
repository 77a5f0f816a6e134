import type { MemberStatus } from "etcd-web/admin";
import { formatBytes } from "../../text/format.ts";

/** How full a member's database is: what is used, what a defragmentation would give back, and the quota where known. */
export function DatabaseGauge({ status }: { readonly status: MemberStatus }) {
  const { dbSize, dbSizeInUse, dbSizeQuota } = status;
  const used = `${formatBytes(dbSizeInUse)} of ${formatBytes(dbSize)} in use`;
  const share = (bytes: number): string => `${Math.min(100, (100 * bytes) / (dbSize || 1))}%`;
  return (
    <>
      <div className="gauge" role="img" aria-label={used}>
        <span style={{ width: share(dbSizeInUse) }} />
      </div>
      <p className="cluster-small">
        {used}
        {dbSizeQuota !== undefined && `, quota ${formatBytes(dbSizeQuota)}`}
      </p>
    </>
  );
}
