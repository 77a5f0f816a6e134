import { type CallOptions, Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport, Http2SessionManager } from "@connectrpc/connect-node";
import { KV } from "../../src/proto.ts";
import { type EtcdCluster, startCluster } from "../fixtures/cluster.ts";
import type { ClusterMember } from "../fixtures/cluster-member.ts";
import { progressNotifyInterval } from "../fixtures/etcd.ts";
import type { EtcdUsers } from "../fixtures/etcd-users.ts";
import { eventually } from "../fixtures/eventually.ts";
import type { EtcdVersion } from "../fixtures/versions.ts";
import { Device } from "./device.ts";
import { History } from "./history.ts";
import { extendHistory } from "./history-reader.ts";
import { openPath, type Path } from "./path.ts";
import { type FrontProxy, type ProxyKind, startProxy } from "./proxy.ts";

/** Who writes, and who watches. */
export const users: EtcdUsers = {
  root: { name: "root", password: "of the writers" },
  reader: { name: "reader", password: "of the watches" },
};

/** So long the members know a token that is not used. */
export const tokenLifeMs = 2_000;

/** What stands between the clients and the store, and can be broken; and the store's true history. */
export class Ground implements AsyncDisposable {
  readonly cluster: EtcdCluster;
  /** Where the clients that watch run. */
  readonly devices: readonly Device[];
  /** The way of the writers, which stays: broken links of the watches must have something to miss. */
  readonly writersPath: Path;
  readonly history: History = new History();
  /** The revisions that compactions have been asked for, oldest first. */
  readonly compactions: bigint[] = [];
  readonly #start: () => Promise<FrontProxy>;
  #proxy: FrontProxy;

  private constructor(
    cluster: EtcdCluster,
    start: () => Promise<FrontProxy>,
    proxy: FrontProxy,
    paths: readonly Path[],
  ) {
    const [writersPath, ...devicesPaths] = paths;
    if (writersPath === undefined) throw new Error("There is no way for the writers.");
    this.cluster = cluster;
    this.#start = start;
    this.#proxy = proxy;
    this.devices = devicesPaths.map((path) => new Device(path));
    this.writersPath = writersPath;
  }

  /** The ways of the clients that watch, to be broken one by one. */
  get paths(): readonly Path[] {
    return this.devices.map(({ path }) => path);
  }

  /** Three members behind a proxy: Envoy gives its calls to each in turn, our gateway to one until that fails. */
  static async open(version: EtcdVersion, kind: ProxyKind, watchingClients: number): Promise<Ground> {
    const cluster = await startCluster(version, 3, { args: membersArgs(version), users });
    const target = (): string => ground.#proxy.url;
    const paths = await Promise.all(Array.from({ length: watchingClients + 1 }, () => openPath(target)));
    const hosts = paths.map(({ url }) => new URL(url).host);
    const start = (): Promise<FrontProxy> => startProxy(kind, cluster.addresses, hosts);
    const ground: Ground = new Ground(cluster, start, await start(), paths);
    return ground;
  }

  async restartProxy(): Promise<void> {
    await this.#proxy.stop();
    this.#proxy = await this.#start();
  }

  /** Forgets the revisions before one, which the history has read by then. */
  async compact(revision: bigint): Promise<void> {
    if (revision <= (this.compactions.at(-1) ?? 1n)) return;
    await this.readHistory(revision);
    this.compactions.push(revision);
    await this.#onAnyMember((member) => onMember(member, (kv, options) => compactOnce(kv, revision, options)));
  }

  /** Reads the true history up to a revision, or up to the present one, which it gives. */
  async readHistory(revision?: bigint): Promise<bigint> {
    const last = revision ?? (await this.revision());
    await this.#onAnyMember(async (member) => {
      await extendHistory(this.history, member.address, last, await member.authorization());
      return true;
    });
    return last;
  }

  /** The store's present revision, by a linearizable read. */
  revision(): Promise<bigint> {
    return this.#onAnyMember(async (member) => {
      const read = { key: Uint8Array.of(0), countOnly: true };
      return (await onMember(member, (kv, options) => kv.range(read, options))).header?.revision;
    });
  }

  /** Makes everything run again. */
  async heal(): Promise<void> {
    await Promise.all([...this.paths, this.writersPath].map((path) => path.mend()));
    await this.cluster.healthy();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.paths, this.writersPath].map((path) => path.cut()));
    await this.#proxy.stop();
    await this.cluster.stop();
  }

  #onAnyMember<T>(ask: (member: ClusterMember) => Promise<T | undefined>): Promise<T> {
    let turn = 0;
    return eventually("an answer of any member", () => {
      const running = this.cluster.members.filter((member) => member.running);
      const member = running[turn++ % running.length];
      return member === undefined ? Promise.resolve(undefined) : ask(member);
    });
  }
}

// Few entries kept for those who fall behind: a member that was away for a second is sent a snapshot.
function membersArgs(version: EtcdVersion): string[] {
  const prefix = version === "3.6" || version === "3.7" ? "" : "experimental-";
  const catchUp = version === "3.4" ? [] : [`--${prefix}snapshot-catchup-entries=50`];
  const auth = [`--auth-token-ttl=${tokenLifeMs / 1_000}`, "--bcrypt-cost=4"];
  return [progressNotifyInterval(version, "300ms"), "--snapshot-count=100", ...catchUp, ...auth];
}

type RawKv = ReturnType<typeof createClient<typeof KV>>;

async function compactOnce(kv: RawKv, revision: bigint, options: CallOptions): Promise<true> {
  await kv.compact({ revision }, options).catch((error: unknown) => {
    // "Compacted": it was, by an earlier try whose answer was lost.
    if (ConnectError.from(error).code !== Code.OutOfRange) throw error;
  });
  return true;
}

async function onMember<T>(member: ClusterMember, ask: (kv: RawKv, options: CallOptions) => Promise<T>): Promise<T> {
  const baseUrl = `http://${member.address}`;
  const headers = await member.authorization();
  const sessionManager = new Http2SessionManager(baseUrl);
  try {
    return await ask(createClient(KV, createGrpcTransport({ baseUrl, sessionManager })), {
      headers,
      timeoutMs: 3_000,
    });
  } finally {
    sessionManager.abort();
  }
}
