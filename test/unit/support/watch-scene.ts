import { Code, ConnectError } from "@connectrpc/connect";
import { expect } from "chai";
import { noPrefix } from "../../../src/base/prefix.ts";
import { lastChanges, presentRevision } from "../../../src/client/watch-reads.ts";
import { type Etcd, EtcdError, type Watch, type WatchOptions } from "../../../src/index.ts";
import { createCaller } from "../../../src/transport/caller.ts";
import { createEndpoints } from "../../../src/transport/endpoints.ts";
import { StreamConnection } from "../../../src/watch/connection.ts";
import { createWatch } from "../../../src/watch/watch.ts";
import type { WatchContext } from "../../../src/watch/watch-group.ts";
import { WatchGroups } from "../../../src/watch/watch-groups.ts";
import { createFakePlatform, type FakePlatform } from "./fake-platform.ts";
import { type Response, type ScriptedEtcd, type ServerStream, scriptEtcd } from "./scripted-etcd.ts";

export const lost = new ConnectError("etcdserver: server stopped", Code.Unavailable);
export const denied = new ConnectError("etcdserver: permission denied", Code.PermissionDenied);

/** A client with watches whose readers write down what they get. */
export interface Scene {
  readonly server: ScriptedEtcd;
  readonly platform: FakePlatform;
  readonly etcd: Pick<Etcd, "watch" | "connection" | "close">;
  /** A watch, and the revisions its reader got, then how it ended. */
  follow(key: string, options?: WatchOptions): { readonly watch: Watch; readonly got: (bigint | string)[] };
  /** Those of the streams that the client still holds. */
  held(): readonly ServerStream[];
}

/** What a scene may have beside. */
export type Extras = Pick<WatchContext, "chooseEndpoint" | "severalEndpoints" | "rejectToken"> &
  Partial<Pick<WatchContext, "lastChanges">>;

export function scene(extras: Extras = {}): Scene {
  const [server, platform, connection] = [scriptEtcd(), createFakePlatform(), new StreamConnection()];
  const closing = new AbortController();
  const { signal: closed } = closing;
  const endpoints = createEndpoints({ transports: [server.transport], auth: undefined, now: platform.now, closed });
  const caller = createCaller({ endpoints, platform, timeoutMs: 10_000, closed });
  const groups = new WatchGroups({
    caller,
    platform,
    connection,
    pin: presentRevision(caller),
    lastChanges: lastChanges(caller),
    ...extras,
  });
  // After whatever happens, each watch is somewhere, and a page keeps half of its connections.
  platform.afterEach(() => {
    expect(groups.adrift).to.deep.equal([]);
    expect(held().length).to.be.at.most(3);
  });
  const held = (): readonly ServerStream[] => server.streams.filter(({ left, ended }) => !left.aborted && !ended);
  const watch: Etcd["watch"] = (range, options) => createWatch(groups, range, options, true, noPrefix);
  return {
    server,
    platform,
    etcd: {
      watch,
      connection,
      async close() {
        groups.close(new EtcdError("closed", "Watch: the client is closed"));
        closing.abort();
      },
    },
    held,
    follow(key, options = { startRevision: 11n }) {
      const followed = watch(key, options);
      const got: (bigint | string)[] = [];
      void read(followed, got);
      return { watch: followed, got };
    },
  };
}

async function read(watch: Watch, got: (bigint | string)[]): Promise<void> {
  try {
    for await (const { revision } of watch.batches()) got.push(revision);
    got.push("done");
  } catch (error) {
    got.push((error as { code: string }).code);
  }
}

/** Answers every create of a stream, as etcd does: in order, with the id asked for. */
export function confirm(stream: ServerStream | undefined, revision = 10n, clusterId = 0n): void {
  const header = { revision, clusterId };
  for (const { watchId } of stream?.creates ?? []) stream?.send({ created: true, watchId, header });
}

export function event(watchId: bigint, modRevision: bigint): Response {
  return { watchId, header: { revision: modRevision }, events: [{ kv: { key: Uint8Array.of(0x6b), modRevision } }] };
}

export const startsOf = (stream: ServerStream | undefined): bigint[] =>
  stream?.creates.map((each) => each.startRevision) ?? [];
