import { isHistoryGone } from "../base/errors.ts";
import type { KeyValue } from "../base/key-value.ts";
import type { Range } from "../base/range.ts";
import type { EtcdKeyspace } from "../client/etcd.ts";
import type { Platform } from "../platform/platform.ts";
import type { CallOptions } from "../transport/caller.ts";
import { limited, type Part } from "./limit.ts";
import { persistently } from "./persist.ts";

/** Who leads, as of a revision. */
export interface Lead {
  readonly leader: KeyValue | undefined;
  readonly revision: bigint;
}

/** The oldest of the candidates' keys. */
export async function readLead(etcd: EtcdKeyspace, candidates: Range, options?: CallOptions): Promise<Lead> {
  const { kvs, revision } = await etcd.range(candidates, { ...options, limit: 1, sort: { by: "createRevision" } });
  return { leader: kvs[0], revision };
}

/** Tells who leads and with what value, whenever either changes, until the signal aborts. */
export async function observe(
  { etcd, platform }: { readonly etcd: EtcdKeyspace; readonly platform: Platform },
  candidates: Range,
  tell: (leader: KeyValue | undefined) => void,
  options: CallOptions & Part,
): Promise<never> {
  const terms = { platform, what: "Observing an election" };
  const { signal, headers } = options;
  let told: bigint | undefined;
  const tellOnce = (leader: KeyValue | undefined): void => {
    const at = leader?.modRevision ?? 0n;
    if (at !== told) tell(leader);
    told = at;
  };
  for (let call = options; ; call = { signal, headers }) {
    const lead = await limited(terms, call, (part) =>
      persistently(platform, part.signal, () => readLead(etcd, candidates, part)),
    );
    tellOnce(lead.leader);
    await untilReplaced(etcd, candidates, lead, tellOnce, { signal, headers });
  }
}

/** Tells what a leader proclaims, until there may be another one; where there is none, waits for the first. */
async function untilReplaced(
  etcd: EtcdKeyspace,
  candidates: Range,
  { leader, revision }: Lead,
  tell: (leader: KeyValue) => void,
  part: Part,
): Promise<void> {
  try {
    for await (const event of etcd.watch(leader?.key ?? candidates, { ...part, startRevision: revision + 1n })) {
      if (leader === undefined || event.type === "delete") return;
      tell(event.kv);
    }
  } catch (error) {
    if (!isHistoryGone(error)) throw error;
  }
}
