import { KV } from "../../gen/etcdserverpb/kv_pb.ts";
import {
  AlarmRequest_AlarmAction as Action,
  AlarmType,
  Maintenance,
  type StatusResponse,
} from "../../gen/etcdserverpb/maintenance_pb.ts";
import { wordsOf } from "../../transport/reasons.ts";
import { type Check, type Examination, fine, type Outcome } from "../examination.ts";

/** History of so many revisions is no accident any more. */
const muchHistory = 100_000n;
const full = 0.8;

/** Whether the member has a leader, room, and an end to its history. */
export const upkeep: Check = {
  name: "upkeep",
  needs: "answers",
  async run(examination) {
    const { ask } = examination;
    const { message: status } = await ask(Maintenance.method.status, {});
    const { message: raised } = await ask(Maintenance.method.alarm, { action: Action.GET });
    const found = [
      ...(raised?.alarms ?? []).map(({ alarm }) => alarms[alarm]).filter((outcome) => outcome !== undefined),
      ...(status === undefined ? [] : ofMember(status)),
      ...(await ofHistory(examination)),
    ];
    if (found.length > 0) return found;
    return fine(
      raised === undefined ? "Alarms and state are not told to this caller" : "No alarm, a leader, room for more",
    );
  },
};

const alarms: Partial<Record<AlarmType, Outcome>> = {
  [AlarmType.NOSPACE]: {
    code: "no-space",
    level: "fault",
    seen: "The alarm NOSPACE is raised: the database has reached its quota",
    means: "Every write is refused, and reads go on",
  },
  [AlarmType.CORRUPT]: {
    code: "corrupt",
    level: "fault",
    seen: "The alarm CORRUPT is raised: members disagree on their data",
    means: "Do not trust what this member says: restore it from the others before anything else",
  },
};

function ofMember({ leader, isLearner, dbSize, dbSizeQuota }: StatusResponse): readonly Outcome[] {
  const found: Outcome[] = [];
  if (leader === 0n) {
    found.push({
      code: "no-leader",
      level: "fault",
      seen: "The member behind this URL knows of no leader",
      means: "It answers neither writes nor reads that must be up to date: too many members are down, or cut off",
    });
  }
  if (isLearner) {
    found.push({
      code: "learner",
      level: "warning",
      seen: "The member behind this URL is a learner",
      means: "It takes no writes and few reads until it is promoted: let the proxy go to voting members",
    });
  }
  if (dbSizeQuota > 0n && Number(dbSize) > full * Number(dbSizeQuota)) {
    found.push({
      code: "nearly-full",
      level: "warning",
      seen: `The database has ${mebibytes(dbSize)} of ${mebibytes(dbSizeQuota)}`,
      means: "At its quota etcd refuses every write",
    });
  }
  return found;
}

function mebibytes(bytes: bigint): string {
  return `${(Number(bytes) / 1024 / 1024).toFixed(0)} MiB`;
}

/** A read of the first revision is refused where history has ever been compacted. */
async function ofHistory({ ask, key }: Examination): Promise<readonly Outcome[]> {
  const { message, status } = await ask(KV.method.range, { key, countOnly: true, revision: 1n });
  const revision = message?.header?.revision ?? 0n;
  const isCompacted = wordsOf(status?.text ?? "") === "required revision has been compacted";
  if (isCompacted || revision < muchHistory) return [];
  return [
    {
      code: "never-compacted",
      level: "warning",
      seen: `All ${revision} revisions are still there: history has never been compacted`,
      means: "The database grows with every write until it is full",
    },
  ];
}
