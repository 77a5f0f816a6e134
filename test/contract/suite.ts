import { createClient } from "@connectrpc/connect";
import { createEtcd, type Etcd, type EtcdOptions } from "../../src/index.ts";
import { KV } from "../../src/proto.ts";

/** An etcd that the contract is held against, and how to reach it from where the cases run. */
export interface Target {
  /** Options that lead to it; each case makes clients of its own. */
  readonly options: EtcdOptions;
  /** What this etcd differs in by its version. */
  readonly traits: Traits;
  /** Resolves when the server holds no watch and the proxy no request; rejects when that does not come to be. */
  settled(): Promise<void>;
}

/** Facts that differ between versions of etcd, and between ways to reach it. */
export interface Traits {
  /** Since 3.7 a keys-only answer leaves out the lease. */
  readonly keysOnlyWithLease: boolean;
  /** Since 3.7 there is KV.RangeStream. */
  readonly rangeStream: boolean;
  /** The server does not hear of a fetch that is aborted before its answer begins. */
  readonly silentAborts?: boolean;
}

/** What a case works with: a client of its own, and keys that no other case uses. */
export interface Context {
  readonly etcd: Etcd;
  readonly target: Target;
  /** Begins every key of this case. */
  readonly prefix: string;
  /** Another client of the same etcd; closed after the case. */
  client(options?: Partial<EtcdOptions>): Etcd;
  /** Forgets the history before `revision`. */
  compact(revision: bigint): Promise<void>;
}

/** One promise of the library. */
export interface Case {
  /** States the symbol and the behaviour. */
  readonly name: string;
  /** It breaks the link at `fetch`, which only a target with endpoints is reached by. */
  readonly needsEndpoints: boolean;
  run(context: Context): Promise<void>;
}

/** Cases by name, as the files of the contract write them. */
export type Suite = Readonly<Record<string, (context: Context) => Promise<void>>>;

let used = 0;

/** Runs one case against a target; afterwards nothing may be left on the server. */
export async function runCase(target: Target, run: Case["run"]): Promise<void> {
  const clients: Etcd[] = [];
  const client = (options: Partial<EtcdOptions> = {}): Etcd => {
    // Three times the default: of a busy machine no more is asked than that it comes to an end.
    const etcd = createEtcd({ timeoutMs: 30_000, ...target.options, ...options });
    clients.push(etcd);
    return etcd;
  };
  const etcd = client();
  const prefix = `case-${++used}-${Math.random().toString(36).slice(2)}/`;
  try {
    await run({ etcd, target, prefix, client, compact: (revision) => compact(etcd, revision) });
  } finally {
    for (const used of clients) await used.close();
  }
  await target.settled();
}

async function compact(etcd: Etcd, revision: bigint): Promise<void> {
  await createClient(KV, etcd.transport).compact({ revision, physical: true });
}
