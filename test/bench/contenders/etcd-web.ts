import { createEtcd, type Watch } from "../../../src/index.ts";
import type { Contender, Listen, Place, Target } from "./contender.ts";
import { countCreates } from "./count-creates.ts";

type Read = (watch: Watch, listen: Listen, target: number) => Promise<void>;

const readEvents: Read = async (watch, listen, target) => {
  for await (const _ of watch) listen(1, target);
};

const readBatches: Read = async (watch, listen, target) => {
  for await (const { events } of watch.batches()) listen(events.length, target);
};

/** This package, event by event. */
export const createEtcdWeb = (place: Place): Contender => create(place, readEvents);

/** This package, revision by revision. */
export const createEtcdWebBatches = (place: Place): Contender => create(place, readBatches);

function create({ envoy }: Place, read: Read): Contender {
  const { fetch, count } = countCreates();
  const etcd = createEtcd({ endpoints: envoy, fetch });
  async function open(targets: readonly Target[], listen: Listen): Promise<() => void> {
    const watches = targets.map(({ key, prefix, startRevision }) =>
      etcd.watch(prefix ? { prefix: key } : key, startRevision === undefined ? {} : { startRevision }),
    );
    for (const [i, watch] of watches.entries()) void read(watch, listen, i);
    await Promise.all(watches.map((watch) => watch.opened));
    return () => {
      for (const watch of watches) void watch.close();
    };
  }
  return { open, close: () => etcd.close(), creates: count };
}
