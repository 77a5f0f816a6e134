import type { Platform } from "../platform/platform.ts";
import type { Caller } from "../transport/caller.ts";
import type { Endpoint } from "../transport/endpoints.ts";

/** What leases need of their client. */
export interface LeaseContext {
  readonly caller: Caller;
  readonly platform: Platform;
  /** For calls that do not say. */
  readonly timeoutMs: number;
  /** Aborted when the client is closed. */
  readonly closed: AbortSignal;
  /** Whether keep-alives ask for a member that has a leader. */
  readonly requireLeader: boolean;
  /** Where the next call goes; it is left where the call hangs. */
  readonly chooseEndpoint: () => Pick<Endpoint, "failed">;
}
