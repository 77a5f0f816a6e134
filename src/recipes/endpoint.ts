import { EtcdError } from "../base/errors.ts";
import type { KeyValue } from "../base/key-value.ts";

/** Where an instance of a service is reached. */
export interface Endpoint {
  /** As its clients dial it: `10.0.0.1:8080`. */
  readonly address: string;
  /** Anything that JSON can hold. Default: nothing. */
  readonly metadata?: unknown;
}

/** What Go's `naming/endpoints` writes. */
interface GoUpdate {
  /** 0: add; it writes no other. */
  readonly Op: number;
  readonly Addr: string;
  readonly Metadata: unknown;
}

/** An endpoint as Go writes it. */
export function toGoJson({ address, metadata = null }: Endpoint): string {
  if (typeof address !== "string" || address === "") {
    throw new EtcdError("invalid-argument", "An endpoint needs an address, such as 10.0.0.1:8080");
  }
  const update: GoUpdate = { Op: 0, Addr: address, Metadata: metadata };
  try {
    return JSON.stringify(update);
  } catch (cause) {
    throw new EtcdError("invalid-argument", `The metadata of ${address} is nothing that JSON can hold`, { cause });
  }
}

/** What Go wrote, or undefined where it is something else. */
export function fromGoJson(kv: KeyValue): Endpoint | undefined {
  const { Addr: address, Metadata: metadata } = (parse(kv.text()) ?? {}) as Partial<GoUpdate>;
  if (typeof address !== "string" || address === "") return undefined;
  return metadata === undefined || metadata === null ? { address } : { address, metadata };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
