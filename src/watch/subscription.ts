import { create } from "@bufbuild/protobuf";
import { backoffMs } from "../base/backoff.ts";
import { EtcdError, type EtcdErrorCode } from "../base/errors.ts";
import type { KeyRange } from "../base/range.ts";
import {
  type WatchCreateRequest_FilterType,
  WatchRequestSchema,
  Watch as WatchService,
} from "../gen/etcdserverpb/watch_pb.ts";
import { type Platform, sleep } from "../platform/platform.ts";
import type { Caller } from "../transport/caller.ts";
import { toEtcdError } from "../transport/to-etcd-error.ts";
import { toCancelError } from "./cancel-error.ts";
import type { StreamConnection } from "./connection.ts";
import { advance, onNewStream, type Position, type Revision, type Step, startAt } from "./position.ts";

/** What watches need of their client. */
export interface WatchContext {
  readonly caller: Caller;
  readonly platform: Platform;
  readonly connection: StreamConnection;
  /** The store's present revision, by a linearizable read that touches no more than the range's first key. */
  pin(range: KeyRange, signal: AbortSignal): Promise<bigint>;
  /** Aborted when the client is closed; its reason is what the reader gets. */
  readonly closed: AbortSignal;
}

/** What is watched. */
export interface Subject {
  readonly range: KeyRange;
  /** Undefined: from now on. */
  readonly startRevision: bigint | undefined;
  readonly prevKv: boolean;
  readonly filters: readonly WatchCreateRequest_FilterType[];
  readonly headers: Headers;
}

/** Who is told. */
export interface Sink {
  confirmed(first: bigint): void;
  revision(revision: Revision): void;
  bookmark(revision: bigint): void;
  failed(error: EtcdError): void;
}

const retries = { firstMs: 250, longestMs: 10_000 };
/** A stream that has lived as long was not part of the trouble before it. */
const stableMs = 10_000;
const passing: ReadonlySet<EtcdErrorCode> = new Set([
  "timeout",
  "unavailable",
  "no-leader",
  "cors-or-network",
  "rate-limited",
  "internal",
  "unknown",
]);

/** Keeps one watch going over any number of streams, each opened where the last one had come to. */
export class Subscription {
  readonly #context: WatchContext;
  readonly #subject: Subject;
  readonly #sink: Sink;
  readonly #stop = new AbortController();
  #position: Position | undefined;
  #first: bigint | undefined;
  #wasOpen = false;

  constructor(context: WatchContext, subject: Subject, sink: Sink) {
    this.#context = context;
    this.#subject = subject;
    this.#sink = sink;
  }

  /** Runs until it is stopped or fails for good; never rejects. */
  async run(): Promise<void> {
    const { platform, connection } = this.#context;
    const { signal } = this.#stop;
    for (let failures = 0; !signal.aborted; ) {
      if (failures === 0) connection.report(this, { state: "connecting" });
      const begun = platform.now();
      const reason = await this.#runStream();
      if (signal.aborted) break;
      if (!this.#canGoOn(reason)) {
        this.#fail(reason);
        break;
      }
      failures = platform.now() - begun >= stableMs ? 1 : failures + 1;
      const ms = backoffMs(retries, failures, platform.random);
      connection.report(this, {
        state: "reconnecting",
        reason,
        attempt: failures,
        nextRetryAt: new Date(Date.now() + ms),
      });
      await sleep(platform, ms, signal);
    }
  }

  /** Ends it: nothing more reaches the sink, and the server drops the watch. */
  stop(): void {
    this.#stop.abort();
    this.#context.connection.report(this, undefined);
  }

  /** One stream until its end, which is always an error: a watch does not end by itself. */
  async #runStream(): Promise<EtcdError> {
    const attempt = new AbortController();
    const end = (): void => attempt.abort();
    this.#stop.signal.addEventListener("abort", end);
    try {
      await this.#follow(attempt.signal);
      return new EtcdError("unavailable", "Watch: the stream ended");
    } catch (error) {
      return toEtcdError(error, { what: "Watch", write: false });
    } finally {
      // Connect does not notice that nobody reads any more.
      attempt.abort();
      this.#stop.signal.removeEventListener("abort", end);
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    const position = onNewStream(this.#position ?? startAt(await this.#start(signal)));
    this.#position = position;
    const { headers } = this.#subject;
    const request = create(WatchRequestSchema, this.#request(position.next));
    for await (const response of this.#context.caller.stream(WatchService.method.watch, [request], {
      signal,
      headers,
    })) {
      if (this.#stop.signal.aborted) return;
      const [next, step] = advance(this.#position, response);
      this.#position = next;
      this.#take(step);
    }
  }

  // A start of "now" is pinned by a read: the revision that `created` names is too late on newer servers.
  async #start(signal: AbortSignal): Promise<bigint> {
    const { range, startRevision } = this.#subject;
    this.#first = startRevision ?? (await this.#context.pin(range, signal)) + 1n;
    return this.#first;
  }

  #request(startRevision: bigint): Parameters<typeof create<typeof WatchRequestSchema>>[1] {
    const { range, prevKv, filters } = this.#subject;
    const value = {
      ...range,
      startRevision,
      prevKv,
      filters: [...filters],
      progressNotify: true,
      fragment: true,
      watchId: 1n,
    };
    return { requestUnion: { case: "createRequest", value } };
  }

  #take(step: Step): void {
    switch (step.kind) {
      case "nothing":
        break;
      case "confirmed":
        this.#wasOpen = true;
        this.#context.connection.report(this, { state: "live" });
        this.#sink.confirmed(this.#first ?? 0n);
        break;
      case "revisions":
        for (const revision of step.revisions) this.#sink.revision(revision);
        break;
      case "bookmark":
        this.#sink.bookmark(step.revision);
        break;
      case "compacted":
      case "canceled":
        throw toCancelError(step);
      default:
        step satisfies never;
    }
  }

  // A page instead of an answer is a wrong URL at first, but a captive portal or a proxy in trouble later.
  #canGoOn(reason: EtcdError): boolean {
    return passing.has(reason.code) || (reason.code === "not-grpc-web" && this.#wasOpen);
  }

  #fail(error: EtcdError): void {
    this.stop();
    this.#sink.failed(error);
  }
}
