import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Contender, openEach, type Place, type Target } from "./contender.ts";

/** What is used of the package, which is not a dependency and brings no types here. */
interface Etcd3 {
  watch(): WatchBuilder;
  close(): void;
}

interface WatchBuilder {
  key(key: string): WatchBuilder;
  prefix(prefix: string): WatchBuilder;
  startRevision(revision: number): WatchBuilder;
  watcher(): Watcher;
}

interface Watcher {
  on(event: "put" | "connected", listener: () => void): Watcher;
  on(event: "error", listener: (error: Error) => void): Watcher;
  cancel(): Promise<void>;
}

/** microsoft/etcd3: native gRPC, from Node only; its watches share one stream. */
export async function createEtcd3({ etcd, etcd3 }: Pick<Place, "etcd" | "etcd3">): Promise<Contender> {
  const entry = pathToFileURL(join(etcd3, "node_modules/etcd3/lib/index.js")).href;
  const { Etcd3: Client } = (await import(entry)) as { Etcd3: new (options: { hosts: string }) => Etcd3 };
  const client = new Client({ hosts: etcd });
  let creates = 0;
  function openOne({ key, prefix, startRevision }: Target, listen: (events: number) => void): Promise<() => void> {
    creates++;
    const builder = prefix ? client.watch().prefix(key) : client.watch().key(key);
    const watcher = (startRevision === undefined ? builder : builder.startRevision(startRevision)).watcher();
    return new Promise((resolve, reject) => {
      const stop = (): void => void watcher.cancel().catch(() => {});
      watcher
        .on("put", () => listen(1))
        .on("error", reject)
        .on("connected", () => resolve(stop));
    });
  }
  return {
    open: (targets, listen) => openEach(targets, listen, openOne),
    close: async () => client.close(),
    creates: () => creates,
  };
}
