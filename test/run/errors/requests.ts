import { setTimeout as sleep } from "node:timers/promises";
import type { RangeRequest_SortTarget } from "../../../src/proto.ts";
import { bytes, type Provoke } from "./scene.ts";

const key = bytes("errors/key");
const put = { case: "requestPut", value: { key } } as const;
const megabytes = (count: number): Uint8Array<ArrayBuffer> => new Uint8Array(count * 1024 * 1024);
const learner = { peerURLs: ["http://127.0.0.1:1"], isLearner: true };
const anotherSecond = (): Promise<void> => sleep(1_000 - (Date.now() % 1_000));
const unknownId = 4242n;

/** What an etcd of one member without users says to requests that it refuses. */
export const ofRequests: Readonly<Record<string, Provoke>> = {
  ErrEmptyKey: ({ kv }) => kv.range({}),
  ErrKeyNotFound: ({ kv }) => kv.put({ key: bytes("errors/nothing"), ignoreValue: true }),
  ErrValueProvided: ({ kv }) => kv.put({ key, value: key, ignoreValue: true }),
  ErrLeaseProvided: ({ kv }) => kv.put({ key, lease: 1n, ignoreLease: true }),
  ErrTooManyOps: ({ kv }) => kv.txn({ success: Array.from({ length: 129 }, () => ({ request: put })) }),
  ErrDuplicateKey: ({ kv }) => kv.txn({ success: [{ request: put }, { request: put }] }),
  ErrInvalidSortOption: ({ kv }) => kv.range({ key, sortTarget: 99 as RangeRequest_SortTarget }),
  ErrFutureRev: ({ kv }) => kv.range({ key, revision: 1n << 60n }),
  async ErrCompacted({ kv }) {
    const { header } = await kv.put({ key });
    await kv.put({ key });
    await kv.compact({ revision: (header?.revision ?? 0n) + 1n });
    return await kv.range({ key, revision: header?.revision ?? 0n });
  },
  ErrRequestTooLarge: ({ kv }) => kv.put({ key, value: megabytes(1.6) }),
  ErrLeaseNotFound: ({ lease }) => lease.leaseRevoke({ ID: unknownId }),
  async ErrLeaseExist({ lease }) {
    await lease.leaseGrant({ TTL: 600n, ID: 77n });
    return await lease.leaseGrant({ TTL: 600n, ID: 77n });
  },
  ErrLeaseTTLTooLarge: ({ lease }) => lease.leaseGrant({ TTL: 9_000_000_001n }),
  ErrAuthNotEnabled: ({ auth }) => auth.authenticate({ name: "root", password: "secret" }),
  ErrWrongDowngradeVersionFormat: ({ maintenance }) => maintenance.downgrade({ action: 0, version: "three" }),
  ErrInvalidDowngradeTargetVersion: ({ maintenance }) => maintenance.downgrade({ action: 0, version: "3.1.0" }),
  ErrNoInflightDowngrade: ({ maintenance }) => maintenance.downgrade({ action: 2 }),
  async ErrDowngradeInProcess({ maintenance }) {
    const { version } = await maintenance.status({});
    const [major = "", minor = ""] = version.split(".");
    const older = { version: `${major}.${Number(minor) - 1}.0` };
    await maintenance.downgrade({ action: 1, ...older });
    return await maintenance.downgrade({ action: 1, ...older });
  },
};

/** And to changes of its members; in this order. */
export const ofMembers: Readonly<Record<string, Provoke>> = {
  ErrMemberBadURLs: ({ cluster }) => cluster.memberAdd({ peerURLs: ["nowhere"] }),
  ErrMemberNotFound: ({ cluster }) => cluster.memberRemove({ ID: unknownId }),
  async ErrMemberNotLearner({ cluster }) {
    const { members } = await cluster.memberList({});
    return await cluster.memberPromote({ ID: members[0]?.ID ?? 0n });
  },
  // A member's id is made of its URLs and the second in which it comes.
  async ErrMemberExist({ cluster }) {
    await anotherSecond();
    await cluster.memberAdd(learner);
    return await cluster.memberAdd(learner);
  },
  async ErrPeerURLExist({ cluster }) {
    await anotherSecond();
    return await cluster.memberAdd(learner);
  },
  ErrTooManyLearners: ({ cluster }) => cluster.memberAdd({ ...learner, peerURLs: ["http://127.0.0.1:2"] }),
  async ErrLearnerNotReady({ cluster }) {
    const { members } = await cluster.memberList({});
    return await cluster.memberPromote({ ID: members.find(({ isLearner }) => isLearner)?.ID ?? 0n });
  },
};

/** And when it is out of order: each of an etcd of its own. */
export const ofTrouble: Readonly<Record<string, Provoke>> = {
  async ErrNoSpace({ kv }) {
    for (let i = 0; i < 20; i++) await kv.put({ key, value: megabytes(1) });
  },
  async ErrCorrupt({ kv, maintenance }) {
    await maintenance.alarm({ action: 1, alarm: 2, memberID: unknownId });
    return await kv.put({ key });
  },
};
