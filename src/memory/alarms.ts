import { create } from "@bufbuild/protobuf";
import { type AlarmMember, AlarmMemberSchema, AlarmType } from "../gen/etcdserverpb/maintenance_pb.ts";
import { errors } from "./errors.ts";

/** What has been raised and not been disarmed. Nothing raises an alarm by itself: memory has neither quota nor disk. */
export class Alarms {
  #raised: readonly AlarmMember[];

  constructor(raised: readonly AlarmMember[] = []) {
    this.#raised = raised;
  }

  /** Those of a type; NONE stands for all. */
  get(type: AlarmType = AlarmType.NONE): AlarmMember[] {
    return this.#raised.filter(({ alarm }) => type === AlarmType.NONE || alarm === type);
  }

  raise(memberID: bigint, alarm: AlarmType): AlarmMember[] {
    if (alarm === AlarmType.NONE) return [];
    const raised = this.#find(memberID, alarm);
    if (raised.length > 0) return raised;
    const added = create(AlarmMemberSchema, { memberID, alarm });
    this.#raised = [...this.#raised, added];
    return [added];
  }

  disarm(memberID: bigint, alarm: AlarmType): AlarmMember[] {
    const found = this.#find(memberID, alarm);
    this.#raised = this.#raised.filter((each) => !found.includes(each));
    return found;
  }

  /** Refuses whatever changes something while the store counts as corrupt. */
  checkWrite(): void {
    if (this.get(AlarmType.CORRUPT).length > 0) throw errors.corrupt();
  }

  /** Refuses what would make the store larger, also while it counts as full. */
  checkGrowth(): void {
    this.checkWrite();
    if (this.get(AlarmType.NOSPACE).length > 0) throw errors.noSpace();
  }

  #find(memberID: bigint, alarm: AlarmType): AlarmMember[] {
    return this.#raised.filter((each) => each.memberID === memberID && each.alarm === alarm);
  }
}
