/** What the panel does to leases, in TypeScript. */
export const leaseCode = {
  grant: (ttlSeconds: number): string =>
    `const lease = await etcd.lease({ ttlSeconds: ${ttlSeconds}, keepAlive: false });\nconsole.log(lease.id);`,
  renew: (id: bigint): string =>
    `const lease = etcd.leases.attach(${id}n, { keepAlive: false });\nconsole.log(await lease.keepAliveOnce(), "seconds");`,
  revoke: (id: bigint): string => `await etcd.leases.attach(${id}n, { keepAlive: false }).revoke();`,
} as const;
