import type { HandlerContext, ServiceImpl } from "@connectrpc/connect";
import {
  AlarmRequest_AlarmAction as Action,
  type AlarmMember,
  type AlarmRequest,
  AlarmType,
  DowngradeRequest_DowngradeAction as Downgrade,
  type Maintenance,
} from "../gen/etcdserverpb/maintenance_pb.ts";
import type { Caller } from "./access.ts";
import { hashContent } from "./content-hash.ts";
import type { Core } from "./core.ts";
import { errors } from "./errors.ts";
import { readableRevision } from "./range.ts";
import { encodeState } from "./saved-state.ts";
import { snapshot } from "./snapshot.ts";
import { untilCut } from "./until-cut.ts";

// The release whose behaviour this is.
const version = "3.7.3";
const storageVersion = "3.7.0";
const clusterVersion = "3.7";
const downgradeTarget = "3.6.0";
/** `--quota-backend-bytes`, as etcd sets it. Here it limits nothing. */
const quota = 2n * 1024n ** 3n;

/** What there is to say of a member that has no disk and no peers. */
export function maintenanceService(core: Core): ServiceImpl<typeof Maintenance> {
  const { store, alarms, memberId, raftTerm } = core;
  const caller = ({ requestHeader }: HandlerContext): Caller => core.access.caller(requestHeader);
  let downgrade = { enabled: false, targetVersion: "" };
  return {
    alarm(request, context) {
      if (request.action === Action.GET) caller(context).requireUser();
      else caller(context).requireRoot();
      return { header: core.header(), alarms: alarm(core, request) };
    },
    status(_, context) {
      caller(context).requireUser();
      const size = BigInt(storedBytes(core));
      const index = BigInt.asUintN(64, store.revision);
      return {
        ...{ header: core.header(), version, storageVersion, leader: memberId, raftTerm },
        ...{ raftIndex: index, raftAppliedIndex: index, dbSize: size, dbSizeInUse: size, dbSizeQuota: quota },
        ...{ downgradeInfo: downgrade, errors: alarms.get().map(describeAlarm) },
      };
    },
    defragment(_, context) {
      caller(context).requireRoot();
      return {};
    },
    hash(_, context) {
      caller(context).requireRoot();
      return { header: core.header(), hash: hashContent(store, store.revision) };
    },
    hashKV({ revision }, context) {
      caller(context).requireRoot();
      const readable = readableRevision(store, revision);
      // etcd takes one below 0 for one before everything.
      const hashRevision = revision < 0n ? revision : readable;
      const hash = hashContent(store, hashRevision);
      return { header: core.header(), hash, hashRevision, compactRevision: store.compacted };
    },
    snapshot(_, context) {
      caller(context).requireRoot();
      return untilCut(core.era, snapshot(encodeState(core.state), storageVersion));
    },
    moveLeader({ targetID }, context) {
      caller(context).requireRoot();
      if (targetID !== memberId) throw errors.badLeaderTransferee();
      return {};
    },
    downgrade(request, context) {
      caller(context).requireRoot();
      const { action, version } = request;
      if (action === Downgrade.CANCEL) downgrade = { enabled: false, targetVersion: "" };
      else if (action === Downgrade.VALIDATE || action === Downgrade.ENABLE) {
        checkDowngrade(version, downgrade.enabled);
        if (action === Downgrade.ENABLE) downgrade = { enabled: true, targetVersion: downgradeTarget };
      } else throw errors.unknownMethod();
      return { header: core.header(), version: clusterVersion };
    },
  };
}

function alarm({ alarms }: Core, { action, memberID, alarm }: AlarmRequest): AlarmMember[] {
  if (action === Action.ACTIVATE) return alarms.raise(memberID, alarm);
  return action === Action.DEACTIVATE ? alarms.disarm(memberID, alarm) : alarms.get(alarm);
}

/** As etcd writes it among the errors of a status. */
function describeAlarm({ memberID, alarm }: AlarmMember): string {
  const name = Object.entries(AlarmType).find(([, type]) => type === alarm)?.[0] ?? alarm;
  return `memberID:${memberID} alarm:${name}`;
}

function checkDowngrade(target: string, inProcess: boolean): void {
  const minor = /^(\d+\.\d+)(?:\.\d+(?:[-+].*)?)?$/.exec(target)?.[1];
  if (minor === undefined) throw errors.wrongDowngradeFormat();
  if (`${minor}.0` !== downgradeTarget) throw errors.invalidDowngradeTarget();
  if (inProcess) throw errors.downgradeInProcess();
}

function storedBytes({ store }: Core): number {
  let bytes = 0;
  store.index.visit({ from: "", to: undefined }, ({ versions }) => {
    for (const { key, value } of versions) bytes += key.length + value.length;
    return true;
  });
  return bytes;
}
