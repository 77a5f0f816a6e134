import { create, type MessageInitShape } from "@bufbuild/protobuf";
import {
  type WatchCreateRequest,
  type WatchRequest,
  type WatchResponse,
  WatchResponseSchema,
} from "../gen/etcdserverpb/watch_pb.ts";
import type { Answers } from "./answers.ts";
import type { Change } from "./change-log.ts";
import type { Core } from "./core.ts";
import type { Peer } from "./duplex.ts";
import { fragments } from "./fragments.ts";
import { ProgressTicker } from "./progress-ticker.ts";
import { refuse, toWatcher } from "./watch-create.ts";
import { toEvents } from "./watch-events.ts";
import { missed, type Watcher } from "./watcher.ts";

// As etcd's channel per stream. Past it a watcher stops queueing and catches up when the reader has come along, so
// that a slow reader costs no memory.
const backlog = 128;
const allWatchers = -1n;

/** One Watch call: its watchers and what they send. */
export class WatchStream implements Peer<WatchRequest> {
  readonly #core: Core;
  readonly #headers: Headers;
  readonly #answers: Answers<WatchResponse>;
  readonly #watchers = new Map<bigint, Watcher>();
  /** Those that have events to catch up on; served one batch each in turn. */
  readonly #behind = new Set<Watcher>();
  readonly #ticker: ProgressTicker;
  #nextId = 0n;

  constructor(core: Core, headers: Headers, answers: Answers<WatchResponse>) {
    this.#core = core;
    this.#headers = headers;
    this.#answers = answers;
    const { clock, progressIntervalMs } = core.options;
    this.#ticker = new ProgressTicker(clock, progressIntervalMs, () => this.#tick());
  }

  get watchers(): number {
    return this.#watchers.size;
  }

  receive({ requestUnion }: WatchRequest): void {
    if (requestUnion.case === "createRequest") this.#create(requestUnion.value);
    else if (requestUnion.case === "cancelRequest") this.#cancel(requestUnion.value.watchId);
    else if (requestUnion.case === "progressRequest") this.#progress(allWatchers, [...this.#watchers.values()]);
  }

  /** The stream goes on after the client's last request, as etcd's does: a page can send nothing more. */
  finished(): void {}

  refill(): void {
    while (this.#answers.length === 0) {
      const [watcher] = this.#behind;
      if (watcher === undefined) return;
      this.#catchUp(watcher);
    }
  }

  closed(): void {
    this.#ticker.stop();
    for (const watcher of this.#watchers.values()) this.#core.synced.delete(watcher);
    this.#watchers.clear();
    this.#behind.clear();
  }

  #create(request: WatchCreateRequest): void {
    const refusal = refuse(request, {
      caller: () => this.#core.access.caller(this.#headers),
      isTaken: (id) => this.#watchers.has(id),
    });
    if (refusal !== undefined) {
      this.#push({ watchId: -1n, created: true, canceled: true, cancelReason: refusal });
      return;
    }
    const id = request.watchId === 0n ? this.#freeId() : request.watchId;
    const now = this.#core.store.revision;
    const watcher: Watcher = toWatcher(request, id, now, (revision, changes) =>
      this.#receive(watcher, revision, changes),
    );
    this.#watchers.set(watcher.id, watcher);
    this.#push({ watchId: watcher.id, created: true });
    if (watcher.next > now) this.#core.synced.add(watcher);
    else this.#behind.add(watcher);
    if (watcher.progressNotify) this.#ticker.start();
  }

  #freeId(): bigint {
    while (this.#watchers.has(this.#nextId)) this.#nextId += 1n;
    return this.#nextId++;
  }

  /** An unknown id gets no answer. */
  #cancel(id: bigint): void {
    const watcher = this.#watchers.get(id);
    if (watcher === undefined) return;
    this.#watchers.delete(id);
    this.#behind.delete(watcher);
    this.#core.synced.delete(watcher);
    this.#push({ watchId: id, canceled: true });
  }

  #receive(watcher: Watcher, revision: bigint, changes: readonly Change[]): void {
    if (this.#answers.length >= backlog) {
      this.#core.synced.delete(watcher);
      watcher.next = revision;
      this.#behind.add(watcher);
      return;
    }
    watcher.next = revision + 1n;
    this.#send(watcher, revision, changes);
  }

  #catchUp(watcher: Watcher): void {
    const { store, synced } = this.#core;
    this.#behind.delete(watcher);
    if (watcher.next < store.compacted) {
      // It keeps its id until the client cancels it, and holds up manual progress: etcd's do.
      this.#push({ watchId: watcher.id, canceled: true, compactRevision: store.compacted }, 0n);
      return;
    }
    const { changes, next } = missed(watcher, store.log, store.revision);
    watcher.next = next;
    if (next > store.revision) synced.add(watcher);
    else this.#behind.add(watcher);
    this.#send(watcher, store.revision, changes);
  }

  #send(watcher: Watcher, revision: bigint, changes: readonly Change[]): void {
    const events = toEvents(this.#core.store, watcher, changes);
    if (events.length === 0) return;
    watcher.quiet = false;
    const response = create(WatchResponseSchema, { header: this.#core.header(revision), watchId: watcher.id, events });
    for (const part of watcher.fragment ? fragments(response) : [response]) this.#answers.push(part);
  }

  /** A promise that everything up to now has been sent: only where it has, for every watcher. */
  #progress(id: bigint, watchers: readonly Watcher[]): void {
    const { store, synced } = this.#core;
    if (watchers.length === 0 || this.#answers.length >= backlog) return;
    if (watchers.every((watcher) => synced.has(watcher) && watcher.start <= store.revision))
      this.#push({ watchId: id });
  }

  #tick(): boolean {
    const asked = [...this.#watchers.values()].filter(({ progressNotify }) => progressNotify);
    for (const watcher of asked) {
      if (watcher.quiet) this.#progress(watcher.id, [watcher]);
      watcher.quiet = true;
    }
    return asked.length > 0;
  }

  #push(fields: MessageInitShape<typeof WatchResponseSchema>, revision?: bigint): void {
    this.#answers.push(create(WatchResponseSchema, { header: this.#core.header(revision), ...fields }));
  }
}
