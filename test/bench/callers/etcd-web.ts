import { batching, compare, createEtcd, type EtcdPlugin, op } from "../../../src/index.ts";
import type { Place } from "../contenders/contender.ts";
import { type Caller, oneByOne } from "./caller.ts";

/** This package. */
export const createEtcdWeb = (place: Place): Caller => create(place, []);

/** This package, with its plugin that gathers reads. */
export const createEtcdWebBatching = (place: Place): Caller => create(place, [batching()]);

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
    close: () => etcd.close(),
  };
}
