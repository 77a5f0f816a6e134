import { batching, compare, createEtcd, type EtcdPlugin, op } from "../../../src/index.ts";
import type { Place } from "../contenders/contender.ts";
import { type Caller, oneByOne } from "./caller.ts";

/** This package. */
export const createEtcdWeb = (place: Place): Caller => create(place, []);

/** This package, with its plugin that gathers reads. */
export const createEtcdWebBatching = (place: Place): Caller => create(place, [batching()]);

/** This package, with all of a range in one answer. */
export function createEtcdWebRange({ envoy }: Place): Caller {
  const etcd = createEtcd({ endpoints: envoy });
  return {
    ...create({ envoy } as Place, []),
    async *list(prefix) {
      for (const { value } of (await etcd.range({ prefix })).kvs) yield value;
    },
  };
}

function create({ envoy }: Place, plugins: readonly EtcdPlugin[]): Caller {
  const etcd = createEtcd({ endpoints: envoy, plugins });
  const get: Caller["get"] = async (key) => (await etcd.get(key))?.value;
  return {
    get,
    getAll: oneByOne(get),
    async put(key, value) {
      await etcd.put(key, value);
    },
    async replace(key, value) {
      return (await etcd.txn({ compare: [compare.exists(key)], success: [op.put(key, value)] })).succeeded;
    },
    async *list(prefix) {
      for await (const { value } of etcd.scan({ prefix })) yield value;
    },
    close: () => etcd.close(),
  };
}
