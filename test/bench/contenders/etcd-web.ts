import { createEtcd, type Watch } from "../../../src/index.ts";
import type { Contender, Listen, Place, Target } from "./contender.ts";
import { countCreates } from "./count-creates.ts";

type Read = (watch: Watch, listen: Listen) => Promise<void>;

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
    for (const watch of watches) void read(watch, listen);
    await Promise.all(watches.map((watch) => watch.opened));
    return () => {
      for (const watch of watches) void watch.close();
    };
  }
  return { open, close: () => etcd.close(), creates: count };
}

async function readEvents(watch: Watch, listen: Listen): Promise<void> {
  for await (const _ of watch) listen(1);
}

async function readBatches(watch: Watch, listen: Listen): Promise<void> {
  for await (const { events } of watch.batches()) listen(events.length);
}
