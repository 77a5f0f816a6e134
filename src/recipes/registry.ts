import { toExactText } from "../base/bytes.ts";
import { EtcdError, isHistoryGone } from "../base/errors.ts";
import type { LeaseRef } from "../base/lease-ref.ts";
import type { EtcdKeyspace } from "../client/etcd.ts";
import { platformOf } from "../client/inside.ts";
import type { RangeResult } from "../kv/options.ts";
import type { CallOptions } from "../transport/caller.ts";
import type { WatchEvent } from "../watch/events.ts";
import { type Endpoint, fromGoJson, toGoJson } from "./endpoint.ts";
import { latest } from "./latest.ts";
import { limited, type Part } from "./limit.ts";
import { under } from "./names.ts";
import { persistently } from "./persist.ts";

/** The endpoints of a service, by their ids. */
export type Endpoints = ReadonlyMap<string, Endpoint>;

/**
 * Where the instances of a service are: what Go's `naming/endpoints` keeps at `service/id`, so that gRPC clients of Go
 * find what a page registers, and the reverse. What stands there and is not of it is passed over, as Go does.
 *
 * @example
 * ```ts
 * import type { Etcd } from "etcd-web";
 * import { createRegistry, createSession } from "etcd-web/recipes";
 *
 * async function serve(etcd: Etcd, address: string): Promise<void> {
 *   await using session = await createSession(etcd, { ttlSeconds: 15 });
 *   const registry = createRegistry(etcd, "services/billing");
 *   await registry.add(address, { address, metadata: { zone: "b" } }, { lease: session.lease });
 *   for await (const endpoints of registry.watch({ signal: session.signal })) console.log(endpoints.size);
 * }
 * ```
 */
export interface Registry {
  /** Registers an instance, or changes it. With a lease it goes when the lease does. */
  add(id: string, endpoint: Endpoint, options?: CallOptions & { readonly lease?: LeaseRef | undefined }): Promise<void>;
  /** Takes an instance out. One that is not there is no error. */
  remove(id: string, options?: CallOptions): Promise<void>;
  /** All instances. */
  list(options?: CallOptions): Promise<Endpoints>;
  /**
   * All instances, now and after every change, each time as a new map. Each read gives the newest, and may skip others. It
   * goes on through reconnects and compactions, ends with `break`, and rejects with the reason of its signal.
   */
  watch(options?: CallOptions): AsyncIterable<Endpoints>;
}

/** The registry of a service. */
export function createRegistry(etcd: EtcdKeyspace, service: string): Registry {
  if (service === "") throw new EtcdError("invalid-argument", "The service has no name");
  const instances = { prefix: under(service, "/") };

  function toKey(id: string): Uint8Array {
    if (id === "") throw new EtcdError("invalid-argument", "The instance has no id");
    return under(service, `/${id}`);
  }

  function toId(key: Uint8Array): string | undefined {
    return toExactText(key.subarray(instances.prefix.length));
  }

  function toEndpoints({ kvs }: RangeResult): Map<string, Endpoint> {
    const endpoints = new Map<string, Endpoint>();
    for (const kv of kvs) {
      const [id, endpoint] = [toId(kv.key), fromGoJson(kv)];
      if (id !== undefined && endpoint !== undefined) endpoints.set(id, endpoint);
    }
    return endpoints;
  }

  /** Whether anything is different then. */
  function apply(endpoints: Map<string, Endpoint>, event: WatchEvent): boolean {
    const id = toId(event.kv.key);
    if (id === undefined) return false;
    const endpoint = event.type === "put" ? fromGoJson(event.kv) : undefined;
    if (endpoint === undefined) return endpoints.delete(id);
    endpoints.set(id, endpoint);
    return true;
  }

  async function follow(tell: (endpoints: Endpoints) => void, options: CallOptions & Part): Promise<never> {
    const platform = platformOf(etcd);
    const { signal, headers } = options;
    for (let call = options; ; call = { signal, headers }) {
      const read = await limited({ platform, what: "Listing endpoints" }, call, (part) =>
        persistently(platform, part.signal, () => etcd.range(instances, part)),
      );
      const endpoints = toEndpoints(read);
      tell(new Map(endpoints));
      await followChanges(endpoints, read.revision + 1n, tell, { signal, headers });
    }
  }

  /** Until history is gone. */
  async function followChanges(
    endpoints: Map<string, Endpoint>,
    startRevision: bigint,
    tell: (endpoints: Endpoints) => void,
    part: Part,
  ): Promise<void> {
    try {
      for await (const { events } of etcd.watch(instances, { ...part, startRevision }).batches()) {
        const changed = events.filter((event) => apply(endpoints, event)).length > 0;
        if (changed) tell(new Map(endpoints));
      }
    } catch (error) {
      if (!isHistoryGone(error)) throw error;
    }
  }

  return {
    async add(id, endpoint, options) {
      await etcd.put(toKey(id), toGoJson(endpoint), options);
    },
    async remove(id, options) {
      await etcd.delete({ key: toKey(id) }, options);
    },
    list: async (options) => toEndpoints(await etcd.range(instances, options)),
    watch: (options = {}) => latest(options.signal, (tell, signal) => follow(tell, { ...options, signal })),
  };
}
