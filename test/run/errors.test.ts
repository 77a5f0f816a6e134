import { after, before, suite, test } from "node:test";
import { expect } from "chai";
import { toEtcdError } from "../../src/transport/to-etcd-error.ts";
import { reasonOf } from "../contract/expectations.ts";
import { type EtcdCluster, startCluster } from "../fixtures/cluster.ts";
import { startEtcd } from "../fixtures/etcd.ts";
import { etcdErrors } from "../fixtures/etcd-errors.ts";
import { jwtOption } from "../fixtures/jwt-keys.ts";
import { type TemporaryFolder, temporaryFolder } from "../fixtures/temporary-folder.ts";
import type { EtcdVersion } from "../fixtures/versions.ts";
import { ofClusters } from "./errors/clusters.ts";
import { ofMembers, ofRequests, ofTrouble } from "./errors/requests.ts";
import { type Provoke, type Reached, reach, type Stubs } from "./errors/scene.ts";
import { ofAuth, ofUsers } from "./errors/users.ts";

/** Those that no test brings about, and why. */
const unprovoked: Readonly<Record<string, string>> = {
  ErrInvalidClientAPIVersion: "fetch takes no header that is not UTF-8",
  ErrWatchCanceled: "said when the server ends a stream for its own reasons",
  ErrMemberNotEnoughStarted: "needs members that were added and have not started for longer than a test may take",
  ErrClusterIDMismatch: "said between peers",
  ErrTooManyRequests: "needs 5,000 writes that wait to be applied",
  ErrNotCapable: "said while a cluster decides on its version",
  ErrLeaderChanged: "needs a read in the moment of an election: the chaos run meets it",
  ErrStopped: "needs a write in the moment of a stop: the chaos run meets it",
  ErrTimeoutDueToLeaderFail: "a guess of etcd's at why, beside ErrTimeout",
  ErrTimeoutDueToConnectionLost: "a guess of etcd's at why, beside ErrTimeout",
  ErrTimeoutWaitAppliedIndex: "needs a member whose disk is far behind",
  ErrNotSupportedForLearner: "needs a started learner",
  ErrClusterVersionUnavailable: "said while a cluster decides on its version",
  ErrCanceled: "said to who is gone",
  ErrDeadlineExceeded: "gRPC says it first, without the prefix",
};

/** What a version does not say. */
const missing: Partial<Record<EtcdVersion, readonly string[]>> = {
  "3.4": [
    "ErrInvalidSortOption",
    "ErrWrongDowngradeVersionFormat",
    "ErrInvalidDowngradeTargetVersion",
    "ErrNoInflightDowngrade",
    "ErrDowngradeInProcess",
    "ErrPermissionNotGiven", // 3.4.23 ends in a panic
  ],
  "3.5": ["ErrInvalidSortOption", "ErrDowngradeInProcess"], // its downgrade times out instead
  "3.6": ["ErrNoInflightDowngrade"], // it says that it has cancelled nothing
  "3.7": ["ErrNoInflightDowngrade"],
};

test("every error is provoked, or it is said why not", () => {
  const all = [ofRequests, ofMembers, ofTrouble, ofUsers, ofAuth(""), ofClusters, unprovoked].flatMap(Object.keys);
  expect(all.sort()).to.deep.equal(etcdErrors.map(({ name }) => name).sort());
});

for (const version of ["3.4", "3.5", "3.6", "3.7"] as const) {
  suite(`etcd ${version} says`, () => {
    const stop: AsyncDisposable[] = [];
    let folder: TemporaryFolder;
    let plain: Reached;
    let members: Reached;
    let users: Reached;
    const start = async (...args: string[]): Promise<Reached> => {
      const etcd = await startEtcd(version, { args });
      const reached = await reach([etcd.address]);
      stop.push(reached, etcd);
      return reached;
    };
    before(async () => {
      folder = await temporaryFolder("jwt");
      [plain, members, users] = await Promise.all([start(), start(), start(await jwtOption(folder.path))]);
    });
    after(async () => {
      for (const each of stop) await each[Symbol.asyncDispose]();
      await folder?.remove();
    });

    const provokeAll = (table: Readonly<Record<string, Provoke>>, on: () => Stubs | Promise<Stubs>): void => {
      for (const [name, provoke] of Object.entries(table)) {
        if (missing[version]?.includes(name)) continue;
        test(name, async () => check(name, provoke(await on())));
      }
    };
    provokeAll(ofRequests, () => plain);
    provokeAll(ofMembers, () => members);
    provokeAll(ofUsers, () => users);
    for (const name of Object.keys(ofAuth(""))) {
      test(name, async () => check(name, ofAuth(users.envoy.url)[name]?.(users) ?? Promise.resolve()));
    }
    provokeAll(ofTrouble, () => start(`--quota-backend-bytes=${8 * 1024 * 1024}`));
  });
}

suite("three members of etcd 3.7 say", () => {
  let cluster: EtcdCluster;
  const reached = new Map<string, Reached>();
  before(async () => {
    cluster = await startCluster("3.7");
    for (const address of cluster.addresses) reached.set(address, await reach([address]));
  });
  after(async () => {
    for (const each of reached.values()) await each[Symbol.asyncDispose]();
    await cluster?.stop();
  });
  for (const [name, provoke] of Object.entries(ofClusters)) {
    test(name, async () => {
      const of = (address: string): Stubs => reached.get(address) as Stubs;
      await check(name, provoke(cluster, of));
    });
  }
});

/** What etcd said is what the table has, and becomes what the table says. */
async function check(name: string, answer: Promise<unknown>): Promise<void> {
  const row = etcdErrors.find((each) => each.name === name);
  const error = toEtcdError(await reasonOf(answer), { what: name, write: true });
  expect([error.reason, error.code, error.mayHaveRun]).to.deep.equal([row?.words, row?.code, row?.mayHaveRun]);
}
