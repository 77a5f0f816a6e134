import { create } from "@bufbuild/protobuf";
import { ConnectError } from "@connectrpc/connect";
import { prefixEnd } from "../base/range.ts";
import type { ResponseHeader } from "../gen/etcdserverpb/header_pb.ts";
import type { KeyValue } from "../gen/mvccpb/kv_pb.ts";
import { type LeaderResponse, LeaderResponseSchema } from "../gen/v3electionpb/election_pb.ts";
import { Answers, type Sender } from "./answers.ts";
import type { Change } from "./change-log.ts";
import type { Core } from "./core.ts";
import { isTombstone } from "./key-history.ts";
import { type Span, toName, toSpan } from "./keys.ts";
import type { KvCalls } from "./kv-calls.ts";
import { first, queuePrefix } from "./queue.ts";
import type { Follower } from "./watcher-group.ts";

/** Tells who leads an election: at once where somebody does, then whatever each leader proclaims. */
export class Observer implements Follower, Sender {
  readonly span: Span;
  readonly next = 0n;
  readonly answers: Answers<LeaderResponse>;
  readonly #core: Core;
  readonly #kv: KvCalls;
  readonly #name: Uint8Array;
  /** The leader's key; undefined while there is none, and whoever comes first is shown. */
  #leader: string | undefined;

  constructor(core: Core, kv: KvCalls, name: Uint8Array, signal: AbortSignal) {
    this.#core = core;
    this.#kv = kv;
    this.#name = name;
    const prefix = queuePrefix(name);
    this.span = toSpan(prefix, prefixEnd(prefix));
    core.synced.add(this);
    this.answers = new Answers(core, signal, () => this);
    this.#showFirst();
  }

  receive(revision: bigint, changes: readonly Change[]): void {
    if (this.#leader === undefined) {
      const put = changes.find(({ kv }) => !isTombstone(kv));
      if (put) this.#show(put.kv, this.#core.header(revision));
      return;
    }
    for (const { name, kv } of changes) {
      if (name !== this.#leader) continue;
      if (isTombstone(kv)) {
        this.#showFirst();
        return;
      }
      this.#show(kv, this.#core.header(revision));
    }
  }

  closed(): void {
    this.#core.synced.delete(this);
  }

  /** As in etcd, a refusal ends the stream without a word. */
  #showFirst(): void {
    this.#leader = undefined;
    try {
      const { header, kv } = first(this.#kv, this.#name);
      if (kv !== undefined) this.#show(kv, header);
    } catch (error) {
      this.answers.end(error instanceof ConnectError ? {} : { error });
    }
  }

  #show(kv: KeyValue, header: ResponseHeader): void {
    this.#leader = toName(kv.key);
    this.answers.push(create(LeaderResponseSchema, { header, kv }));
  }
}
