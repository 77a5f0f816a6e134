import type { DescMessage, DescMethodUnary, MessageInitShape, MessageShape } from "@bufbuild/protobuf";
import { EtcdError, type EtcdErrorCode, isEtcdError } from "../base/errors.ts";
import { untilAborted } from "../base/signals.ts";
import { KV, type RangeRequestSchema, type RangeResponse, type TxnResponse } from "../gen/etcdserverpb/kv_pb.ts";
import { type Caller, type CallOptions, toHeaders, toTimeout } from "../transport/caller.ts";
import { toAbortError } from "../transport/to-etcd-error.ts";
import type { EtcdPlugin, Plugin, PluginContext } from "./plugin.ts";

/**
 * Sends the reads that a program makes at once as one transaction: `get`, `range` and `count`, up to the server's limit.
 * Over HTTP/1.1 a page has six connections to an origin, and 200 single reads stand in a queue. Each read keeps its
 * signal, its time-out and its own answer or error: where the server refuses the transaction, because of one read in it
 * or altogether, each is made singly. Reads with other headers, time-outs or `serializable` go apart.
 *
 * @param options `maxOps`: reads in a transaction at the most. Default 128, which is etcd's limit unless it is started
 * with another `--max-txn-ops`.
 *
 * @example
 * ```ts
 * import { batching, createEtcd } from "etcd-web";
 *
 * const etcd = createEtcd({ endpoints: "https://etcd.example.com", plugins: [batching()] });
 * const names = ["theme", "language", "region"];
 * const values = await Promise.all(names.map((name) => etcd.get(`config/${name}`))); // one request
 * ```
 */
export function batching(options: { readonly maxOps?: number | undefined } = {}): EtcdPlugin {
  const maxOps = options.maxOps ?? 128;
  if (!Number.isSafeInteger(maxOps) || maxOps < 1) {
    throw new EtcdError("invalid-argument", `batching: maxOps must be a whole number above 0, not ${maxOps}`);
  }
  const plugin: Plugin = {
    name: "batching",
    wrap(caller, context) {
      const batcher = new Batcher(caller, context, maxOps);
      return { ...caller, read: batcher.read };
    },
  };
  return plugin;
}

/** A read that waits for the others. */
interface Read {
  readonly request: MessageInitShape<typeof RangeRequestSchema>;
  readonly options: CallOptions;
  /** Names it in errors. */
  readonly what: string;
  /** When its time is up, by the platform's clock. */
  readonly deadline: number;
  resolve(answer: Promise<RangeResponse>): void;
}

class Batcher {
  readonly #caller: Caller;
  readonly #context: PluginContext;
  readonly #maxOps: number;
  /** Reads by what they must have in common. */
  #gathered = new Map<string, Read[]>();
  /** Until a proxy has been found that lets reads through and no transaction. */
  #mayJoin = true;

  constructor(caller: Caller, context: PluginContext, maxOps: number) {
    this.#caller = caller;
    this.#context = context;
    this.#maxOps = maxOps;
  }

  read: Caller["read"] = <I extends DescMessage, O extends DescMessage>(
    method: DescMethodUnary<I, O>,
    message: MessageInitShape<I>,
    options: CallOptions = {},
    what?: string,
  ): Promise<MessageShape<O>> => {
    const isRange = (method as DescMethodUnary) === KV.method.range;
    if (!isRange || options.signal?.aborted) return this.#caller.read(method, message, options, what);
    return this.#gather(message as Read["request"], options, what ?? "KV.Range") as Promise<
      MessageShape<O> & RangeResponse
    >;
  };

  // Sent after the microtasks that wait already: whatever a program reads at once is asked for by then, and a single
  // read waits for no timer.
  async #gather(request: Read["request"], options: CallOptions, what: string): Promise<RangeResponse> {
    const timeoutMs = options.timeoutMs ?? this.#context.timeoutMs;
    toTimeout(timeoutMs);
    const deadline = this.#context.platform.now() + timeoutMs;
    return new Promise((resolve) => {
      if (this.#gathered.size === 0) void Promise.resolve().then(() => this.#send());
      const kind = kindOf(request, options, what);
      const reads = this.#gathered.get(kind) ?? [];
      this.#gathered.set(kind, reads);
      reads.push({ request, options, what, deadline, resolve });
    });
  }

  #send(): void {
    const gathered = this.#gathered;
    this.#gathered = new Map();
    for (const reads of gathered.values()) {
      for (let i = 0; i < reads.length; i += this.#maxOps) {
        const [first, ...others] = reads.slice(i, i + this.#maxOps) as [Read, ...Read[]];
        if (others.length > 0 && this.#mayJoin) this.#sendTogether(first, [first, ...others]);
        else for (const read of [first, ...others]) read.resolve(this.#single(read));
      }
    }
  }

  #sendTogether(first: Read, reads: readonly Read[]): void {
    const success = reads.map(({ request }) => ({ request: { case: "requestRange" as const, value: request } }));
    const { timeoutMs, headers } = first.options;
    const everyoneLeft = new AbortController();
    const options = { timeoutMs, headers, signal: everyoneLeft.signal };
    const txn = this.#caller
      .read(KV.method.txn, { success }, options, first.what)
      .catch((error: unknown) => this.#unlessReadsPass(error, first));
    let staying = reads.length;
    const left = (): void => {
      if (--staying === 0) everyoneLeft.abort();
    };
    for (const [index, read] of reads.entries()) read.resolve(this.#answerOf(read, index, txn, left));
  }

  async #answerOf(
    read: Read,
    index: number,
    txn: Promise<TxnResponse | undefined>,
    left: () => void,
  ): Promise<RangeResponse> {
    const { signal } = read.options;
    try {
      const together = await (signal ? untilAborted(txn, signal) : txn);
      const answer = together?.responses[index]?.response;
      // Of the header within, etcd fills in the revision alone; it is the transaction's, as that writes nothing.
      if (answer?.case === "responseRange") return Object.assign(answer.value, { header: together?.header });
    } catch (error) {
      if (signal?.aborted) {
        left();
        throw toAbortError(signal.reason, { what: read.what, write: false });
      }
      if (!isEtcdError(error) || isOfAll(error)) throw error;
    }
    return this.#single(read);
  }

  /** Nothing that speaks for etcd has answered a transaction: a single read tells whether anything does. */
  async #unlessReadsPass(error: unknown, first: Read): Promise<undefined> {
    if (!isEtcdError(error, "not-grpc-web")) throw error;
    const failure: unknown = await this.#single(first).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    if (isEtcdError(failure, "not-grpc-web")) throw error;
    if (failure === undefined) this.#mayJoin = false;
  }

  #single({ request, options, what, deadline }: Read): Promise<RangeResponse> {
    const timeoutMs = Math.max(1, deadline - this.#context.platform.now());
    return this.#caller.read(KV.method.range, request, { ...options, timeoutMs }, what);
  }
}

/** One transaction is for one user, has one time-out, and is linearizable for all of it or for none. */
function kindOf({ serializable }: Read["request"], { headers, timeoutMs }: CallOptions, what: string): string {
  const named = headers === undefined ? [] : [...toHeaders(headers)].flat();
  return [serializable === true, timeoutMs, what, ...named].join("\n");
}

const ofAll: ReadonlySet<EtcdErrorCode> = new Set(["aborted", "closed", "unauthenticated", "not-grpc-web"]);

/** Whether each read would have met with the same. Anything else may be one read's fault, or the transaction's. */
function isOfAll({ code, retryable }: EtcdError): boolean {
  return retryable || ofAll.has(code);
}
