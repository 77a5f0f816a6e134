import { Code, ConnectError } from "@connectrpc/connect";
import { createEtcdOn } from "../../../src/client/create-etcd.ts";
import type { Etcd, Watch, WatchOptions } from "../../../src/index.ts";
import { createFakePlatform, type FakePlatform } from "./fake-platform.ts";
import { type Response, type ScriptedEtcd, type ServerStream, scriptEtcd } from "./scripted-etcd.ts";

export const lost = new ConnectError("etcdserver: server stopped", Code.Unavailable);
export const denied = new ConnectError("etcdserver: permission denied", Code.PermissionDenied);

/** A client with watches whose readers write down what they get. */
export interface Scene {
  readonly server: ScriptedEtcd;
  readonly platform: FakePlatform;
  readonly etcd: Etcd;
  /** A watch, and the revisions its reader got, then how it ended. */
  follow(key: string, options?: WatchOptions): { readonly watch: Watch; readonly got: (bigint | string)[] };
  /** Those of the streams that the client still holds. */
  held(): readonly ServerStream[];
}

export function scene(): Scene {
  const [server, platform] = [scriptEtcd(), createFakePlatform()];
  const etcd = createEtcdOn(platform, { transport: server.transport });
  return {
    server,
    platform,
    etcd,
    held: () => server.streams.filter(({ left }) => !left.aborted),
    follow(key, options = { startRevision: 11n }) {
      const watch = etcd.watch(key, options);
      const got: (bigint | string)[] = [];
      void read(watch, got);
      return { watch, got };
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
export function confirm(stream: ServerStream | undefined, revision = 10n): void {
  for (const { watchId } of stream?.creates ?? []) stream?.send({ created: true, watchId, header: { revision } });
}

export function event(watchId: bigint, modRevision: bigint): Response {
  return { watchId, header: { revision: modRevision }, events: [{ kv: { key: Uint8Array.of(0x6b), modRevision } }] };
}

export const startsOf = (stream: ServerStream | undefined): bigint[] =>
  stream?.creates.map((each) => each.startRevision) ?? [];
