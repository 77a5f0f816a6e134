import type { WatchRecord } from "./watch-record.ts";

const notGiven = ["InvalidArgument: etcdserver: user name is empty", "Unauthenticated: etcdserver: invalid auth token"];
const denied = [...notGiven, "PermissionDenied: etcdserver: permission denied"];
const noKey = "InvalidArgument: etcdserver: key is not provided";
const keyNotFound = "InvalidArgument: etcdserver: key not found";
const valueProvided = "InvalidArgument: etcdserver: value is provided";
const leaseProvided = "InvalidArgument: etcdserver: lease is provided";
const sortOption = "InvalidArgument: etcdserver: invalid sort option";
const compacted = "OutOfRange: etcdserver: mvcc: required revision has been compacted";
const future = "OutOfRange: etcdserver: mvcc: required revision is a future revision";
const leaseNotFound = "NotFound: etcdserver: requested lease not found";
const noUser = "FailedPrecondition: etcdserver: user name not found";
const noRole = "FailedPrecondition: etcdserver: role name not found";
const authMgmt = "InvalidArgument: etcdserver: invalid auth management";
const tooLong = "Unknown: bcrypt: password length exceeds 72 bytes";
const noPassword = "Unknown: auth: authentication failed, password was given for no password user";

/** What must come up in a run, else it has not shown much. */
const wanted: Readonly<Record<string, readonly string[]>> = {
  "kv.range": ["ok", ...denied, noKey, sortOption, compacted, future],
  "kv.rangeStream": ["ok", ...denied, noKey, future],
  "kv.put": ["ok", ...denied, noKey, keyNotFound, valueProvided, leaseProvided, leaseNotFound],
  "kv.deleteRange": ["ok", ...denied, noKey],
  "kv.txn": [
    ...["ok", ...denied, noKey, keyNotFound, valueProvided, leaseProvided, leaseNotFound, sortOption, future],
    "InvalidArgument: etcdserver: duplicate key given in txn request",
    "InvalidArgument: etcdserver: too many operations in txn request",
  ],
  "kv.compact": ["ok", ...denied, compacted, future],
  "lease.leaseGrant": [
    ...["ok", ...notGiven, "FailedPrecondition: etcdserver: lease already exists"],
    "OutOfRange: etcdserver: too large lease TTL",
  ],
  "lease.leaseRevoke": ["ok", ...denied, leaseNotFound],
  "lease.leaseKeepAlive": ["ok", ...denied],
  "lease.leaseTimeToLive": ["ok", ...denied],
  "lease.leaseLeases": ["ok", ...denied],
  "maintenance.hashKV": ["ok", future],
  "auth.authEnable": [
    ...["ok", ...denied, "FailedPrecondition: etcdserver: root user does not exist"],
    "FailedPrecondition: etcdserver: root user does not have root role",
  ],
  "auth.authDisable": ["ok", ...denied],
  "auth.authStatus": ["ok", "Unauthenticated: etcdserver: invalid auth token"],
  "auth.authenticate": [
    ...["ok", noPassword, "FailedPrecondition: etcdserver: authentication is not enabled"],
    "InvalidArgument: etcdserver: authentication failed, invalid user ID or password",
  ],
  "auth.userAdd": ["ok", ...denied, tooLong, "FailedPrecondition: etcdserver: user name already exists"],
  "auth.userChangePassword": ["ok", ...denied, noUser, tooLong, noPassword],
  "auth.userDelete": ["ok", ...denied, noUser, authMgmt],
  "auth.userGet": ["ok", ...denied, noUser],
  "auth.userList": ["ok", ...denied],
  "auth.userGrantRole": ["ok", ...denied, noUser, noRole],
  "auth.userRevokeRole": ["ok", ...denied, noUser, "FailedPrecondition: etcdserver: role is not granted to the user"],
  "auth.roleAdd": [
    ...["ok", ...denied, "FailedPrecondition: etcdserver: role name already exists"],
    "InvalidArgument: etcdserver: role name is empty",
  ],
  "auth.roleDelete": ["ok", ...denied, noRole],
  "auth.roleGet": ["ok", ...denied, noRole],
  "auth.roleList": ["ok", ...denied],
  "auth.roleGrantPermission": [
    ...["ok", ...denied, noRole, authMgmt, "InvalidArgument: etcdserver: permission not given"],
  ],
  "auth.roleRevokePermission": [
    ...["ok", ...denied, noRole, "FailedPrecondition: etcdserver: permission is not granted to the role"],
  ],
  "watch.create": [
    ...["ok", "mvcc: watcher range is empty", "mvcc: duplicate watch ID provided on the WatchStream"],
    "etcdserver: mvcc: required revision has been compacted",
    "rpc error: code = PermissionDenied desc = etcdserver: permission denied",
    "rpc error: code = Unauthenticated desc = etcdserver: invalid auth token",
    "rpc error: code = InvalidArgument desc = etcdserver: user name is empty",
  ],
  "watch.cancel": ["ok"],
  "watch.events": ["event", "compacted"],
};

/** How often each call ended how. */
export class Counts {
  readonly #counts = new Map<string, Map<string, number>>();

  add(call: string, outcome: string, times = 1): void {
    const outcomes = this.#counts.get(call) ?? new Map<string, number>();
    this.#counts.set(call, outcomes);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + times);
  }

  watched({ controls, compacted, events }: WatchRecord): void {
    for (const control of controls) {
      const { created, canceled, cancelReason } = control as Record<string, unknown>;
      if (created) this.add("watch.create", canceled ? String(cancelReason) : "ok");
      else this.add("watch.cancel", "ok");
    }
    this.add("watch.events", "compacted", compacted.size);
    for (const heard of events.values()) this.add("watch.events", "event", heard.length);
  }

  get sum(): number {
    let sum = 0;
    for (const [call, outcomes] of this.#counts)
      if (call !== "watch.events") for (const n of outcomes.values()) sum += n;
    return sum;
  }

  /** The cells that stayed empty. */
  get missing(): string[] {
    const empty: string[] = [];
    for (const [call, outcomes] of Object.entries(wanted))
      for (const outcome of outcomes) if (!this.#counts.get(call)?.get(outcome)) empty.push(`${call}: ${outcome}`);
    return empty;
  }

  toString(): string {
    const lines: string[] = [];
    for (const [call, outcomes] of [...this.#counts].sort()) {
      lines.push(call);
      for (const [outcome, times] of [...outcomes].sort((a, b) => b[1] - a[1]))
        lines.push(`  ${String(times).padStart(8)} ${outcome}`);
    }
    return lines.join("\n");
  }
}
