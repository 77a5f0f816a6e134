import { type ResponseHeader, toHeader } from "../base/header.ts";
import { toResult } from "../base/json.ts";
import type { ClientInside } from "../client/inside.ts";
import { DowngradeRequest_DowngradeAction as Action, Maintenance } from "../gen/etcdserverpb/maintenance_pb.ts";
import type { EndpointOptions } from "./maintenance.ts";

/** What a step of a downgrade gives. */
export interface DowngradeResult {
  /** The cluster's version at present. */
  readonly version: string;
  /** Who answered, and at which revision of the store. */
  readonly header: ResponseHeader;
}

/** The way back to the release before: once enabled, the members can be replaced by it one by one. */
export interface Downgrade {
  /** Whether it could be enabled; EtcdError "invalid-argument" or "failed-precondition" where not. `version`: "3.6" or "3.6.0". */
  validate(version: string, options?: EndpointOptions): Promise<DowngradeResult>;
  /** etcd 3.5 takes it, but cannot end it: it is meant for 3.6 and later. */
  enable(version: string, options?: EndpointOptions): Promise<DowngradeResult>;
  /** While not all members are at it yet. None is under way: EtcdError "failed-precondition" from etcd 3.5; later ones take it for done. */
  cancel(options?: EndpointOptions): Promise<DowngradeResult>;
}

/** Downgrades over a client. */
export function createDowngrade({ at }: ClientInside): Downgrade {
  async function run(
    action: Action,
    version: string,
    { endpoint, ...options }: EndpointOptions = {},
  ): Promise<DowngradeResult> {
    const caller = at(endpoint);
    const send = action === Action.VALIDATE ? caller.read : caller.write;
    const answer = await send(Maintenance.method.downgrade, { action, version }, options);
    return toResult({ version: answer.version, header: toHeader(answer.header) });
  }
  return {
    validate: (version, options) => run(Action.VALIDATE, version, options),
    enable: (version, options) => run(Action.ENABLE, version, options),
    cancel: (options) => run(Action.CANCEL, "", options),
  };
}
