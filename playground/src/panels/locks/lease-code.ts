import { grantCode } from "../../text/txn-text.ts";

/** What the panel does to leases, in TypeScript. */
export const leaseCode = {
  grant: (ttlSeconds: number): string => `${grantCode(ttlSeconds)}console.log(lease.id);`,
  renew: (id: bigint): string =>
    `const lease = etcd.leases.attach(${id}n, { keepAlive: false });\nconsole.log(await lease.keepAliveOnce(), "seconds");`,
  revoke: (id: bigint): string => `await etcd.leases.attach(${id}n, { keepAlive: false }).revoke();`,
} as const;
