import { EtcdError } from "../base/errors.ts";
import { toResult } from "../base/json.ts";
import type { Int64 } from "../base/numbers.ts";
import {
  AlarmRequest_AlarmAction as Action,
  type AlarmMember,
  Maintenance,
  AlarmType as Type,
} from "../gen/etcdserverpb/maintenance_pb.ts";
import type { Caller, CallOptions } from "../transport/caller.ts";
import { toMemberId } from "./member-ref.ts";

/**
 * Why a cluster refuses to go on: a member's database has reached its quota (writes fail with "no-space"), or members
 * disagree on their data ("corrupt"). Alarms of a later etcd: "unknown".
 */
export type AlarmType = "no-space" | "corrupt" | "unknown";

/** A raised alarm. */
export interface Alarm {
  /** Whose it is. */
  readonly memberId: bigint;
  /** What is wrong. */
  readonly type: AlarmType;
}

/** Which alarms are meant. */
export interface AlarmFilter {
  /** Default: of any member. */
  readonly memberId?: Int64 | undefined;
  /** Default: of any type. */
  readonly type?: "no-space" | "corrupt" | undefined;
}

/** All that are raised. */
export async function listAlarms(caller: Caller, options: CallOptions): Promise<readonly Alarm[]> {
  return (await list(caller, options)).map(toAlarm);
}

/** Those that were raised and are no more. etcd takes them back one at a time only. */
export async function disarm(caller: Caller, filter: AlarmFilter, options: CallOptions): Promise<readonly Alarm[]> {
  const memberId = filter.memberId === undefined ? undefined : toMemberId(filter.memberId);
  if (!["no-space", "corrupt", undefined].includes(filter.type)) {
    throw new EtcdError("invalid-argument", `type is no-space | corrupt, not ${String(filter.type)}`);
  }
  const meant = (alarm: Alarm): boolean =>
    (memberId ?? alarm.memberId) === alarm.memberId && (filter.type ?? alarm.type) === alarm.type;
  const raised = (await list(caller, options)).filter((alarm) => meant(toAlarm(alarm)));
  for (const { memberID, alarm } of raised) {
    await caller.write(Maintenance.method.alarm, { action: Action.DEACTIVATE, memberID, alarm }, options);
  }
  return raised.map(toAlarm);
}

async function list(caller: Caller, options: CallOptions): Promise<readonly AlarmMember[]> {
  return (await caller.read(Maintenance.method.alarm, { action: Action.GET }, options)).alarms;
}

function toAlarm({ memberID, alarm }: AlarmMember): Alarm {
  const type = alarm === Type.NOSPACE ? "no-space" : alarm === Type.CORRUPT ? "corrupt" : "unknown";
  return toResult({ memberId: memberID, type });
}
