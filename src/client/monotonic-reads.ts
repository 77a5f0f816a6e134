import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { backoffMs } from "../base/backoff.ts";
import { EtcdError, isEtcdError } from "../base/errors.ts";
import { type ResponseHeader, toHeader } from "../base/header.ts";
import { linkSignals } from "../base/signals.ts";
import { sleep } from "../platform/platform.ts";
import type { Caller, CallOptions } from "../transport/caller.ts";
import type { EtcdPlugin, Plugin, PluginContext } from "./plugin.ts";

/** Tries for each endpoint: as many as Go's client makes, which does not wait between them. */
const triesEach = 5;
const waits = { firstMs: 25, longestMs: 1_000 };

/**
 * Never lets a read go back in time: one that begins after an answer of this client came is not answered with an older
 * state of the store, whichever member is asked. It matters to `serializable` reads, which a lagging member answers from
 * what it has: such an answer is thrown away, and the read made at the next endpoint, five times for each endpoint at
 * the most and within its `timeoutMs`. Where every answer is behind: EtcdError "unavailable". Watches are not concerned.
 *
 * @example
 * ```ts
 * import { createEtcd, monotonicReads } from "etcd-web";
 *
 * const etcd = createEtcd({
 *   endpoints: ["https://a.example.com", "https://b.example.com"],
 *   plugins: [monotonicReads()],
 * });
 * await etcd.put("config/theme", "dark");
 * await etcd.get("config/theme", { serializable: true }); // "dark", or what came after it
 * ```
 */
export function monotonicReads(): EtcdPlugin {
  const plugin: Plugin = {
    name: "monotonic-reads",
    wrap: (caller, context) => {
      const reader = new MonotonicReader(caller, context);
      return { ...caller, read: reader.read, write: reader.write };
    },
  };
  return plugin;
}

class MonotonicReader {
  readonly #caller: Caller;
  readonly #context: PluginContext;
  /** The newest state that an answer named: of the cluster that gave it. */
  #seen = { clusterId: 0n, revision: 0n };

  constructor(caller: Caller, context: PluginContext) {
    this.#caller = caller;
    this.#context = context;
  }

  write: Caller["write"] = async (method, message, options) => {
    const answer = await this.#caller.write(method, message, options);
    this.#note(stateOf(answer));
    return answer;
  };

  read: Caller["read"] = async <I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    message: MessageInitShape<I>,
    options: CallOptions = {},
    what = `${method.parent.name}.${method.name}`,
  ): Promise<MessageShape<O>> => {
    const { platform, endpoints, timeoutMs, chooseEndpoint } = this.#context;
    const atLeast = this.#seen;
    const deadline = platform.now() + (options.timeoutMs ?? timeoutMs);
    for (let tries = 1; ; tries++) {
      const endpoint = chooseEndpoint(); // of this try: another read may leave it meanwhile
      const left = { ...options, timeoutMs: tries === 1 ? options.timeoutMs : deadline - platform.now() };
      const answer = await this.#attempt(() => this.#caller.read(method, message, left, what), message, atLeast);
      if (answer !== undefined) return answer;
      endpoint.failed();
      const waitMs = tries < endpoints ? 0 : backoffMs(waits, tries - endpoints + 1, platform.random);
      if (tries === triesEach * endpoints || platform.now() + waitMs >= deadline) {
        throw behind(what, atLeast.revision, tries);
      }
      await this.#pause(waitMs, options);
      if (platform.now() >= deadline) throw behind(what, atLeast.revision, tries); // a timer may come late
    }
  };

  /** The answer, or undefined where it is older than what is known. */
  async #attempt<A>(call: () => Promise<A>, message: unknown, atLeast: State): Promise<A | undefined> {
    try {
      const answer = await call();
      const state = stateOf(answer);
      if (state.clusterId === atLeast.clusterId && state.revision < atLeast.revision) return undefined;
      this.#note(state);
      return answer;
    } catch (error) {
      // A revision that is known to be there has not come to this member.
      const { revision = 0n } = message as { readonly revision?: bigint };
      if (isEtcdError(error, "future-revision") && revision > 0n && revision <= atLeast.revision) return undefined;
      throw error;
    }
  }

  // Another cluster, such as one restored from a backup, counts anew.
  #note(state: State): void {
    if (state.clusterId !== this.#seen.clusterId || state.revision > this.#seen.revision) this.#seen = state;
  }

  async #pause(ms: number, options: CallOptions): Promise<void> {
    const { signal, unlink } = linkSignals(options.signal, this.#caller.closed);
    await sleep(this.#context.platform, ms, signal);
    unlink();
  }
}

/** How far a cluster's store had come. */
type State = Pick<ResponseHeader, "clusterId" | "revision">;

function stateOf(answer: unknown): State {
  return toHeader((answer as { readonly header?: Parameters<typeof toHeader>[0] }).header);
}

function behind(what: string, revision: bigint, tries: number): EtcdError {
  return new EtcdError(
    "unavailable",
    `${what}: revision ${revision} is known, and ${tries} answers were behind it: the members asked lag. Try again later, or without \`serializable\``,
  );
}
