import { EtcdError } from "../base/errors.ts";

/**
 * Bounds that hold for everybody, whatever the policy. A call past one of them is refused with `resource-exhausted`, which
 * a client of etcd-web takes for "rate-limited" and tries again later. `Infinity` switches one off.
 *
 * A client is who its address is: an IPv4 address, or a /64 of IPv6.
 */
export interface GatewayLimits {
  /** Bytes in the body of a request. Default 2.5 MiB, above the 2 MiB that etcd itself takes. */
  readonly requestBytes?: number | undefined;
  /** Bytes of requests that are still coming in, of all together; a quarter of it for one client. Default 64 MiB. */
  readonly receivingBytes?: number | undefined;
  /** Milliseconds that a request may take to come in. Nothing bounds how long an answer streams. Default 30,000. */
  readonly requestMs?: number | undefined;
  /** Calls that a client may have open at a time, streams included: a page has two streams. Default 512. */
  readonly callsPerClient?: number | undefined;
  /** Calls that a client may begin in a second; twice as many at once after a pause. Default 1,000. */
  readonly callsPerSecond?: number | undefined;
  /** Watches in one call; the others are answered as canceled, and 5,000 of them end the call. Default 10,000. */
  readonly watchesPerCall?: number | undefined;
  /** Connections of all together; further ones are closed. Default 10,000. */
  readonly connections?: number | undefined;
  /** Connections of one client, where no proxy stands before the gateway. Default 1,024. */
  readonly connectionsPerClient?: number | undefined;
}

/** All of them. */
export type LimitSettings = { readonly [name in keyof GatewayLimits]-?: number };

const defaults: LimitSettings = {
  requestBytes: 2.5 * 1024 * 1024,
  receivingBytes: 64 * 1024 * 1024,
  requestMs: 30_000,
  callsPerClient: 512,
  callsPerSecond: 1_000,
  watchesPerCall: 10_000,
  connections: 10_000,
  connectionsPerClient: 1_024,
};

/** Fills in the defaults, or throws "invalid-argument" and says which limit cannot be. */
export function toLimitSettings(given: GatewayLimits = {}): LimitSettings {
  const known = Object.keys(defaults) as (keyof LimitSettings)[];
  const unknown = Object.keys(given).find((name) => !(known as string[]).includes(name));
  if (unknown !== undefined) throw invalid(`there is no limits.${unknown}, only ${known.join(", ")}`);
  return Object.fromEntries(known.map((name) => [name, checked(name, given[name] ?? defaults[name])])) as LimitSettings;
}

function checked(name: string, value: number): number {
  if (value > 0) return value;
  throw invalid(`limits.${name} must be above 0, not ${value}`);
}

function invalid(message: string): EtcdError {
  return new EtcdError("invalid-argument", message);
}
