import { create } from "@bufbuild/protobuf";
import type { ConnectError } from "@connectrpc/connect";
import { type ResponseHeader, ResponseHeaderSchema } from "../gen/etcdserverpb/header_pb.ts";
import type { Clock } from "../platform/clock.ts";
import { Access } from "./access.ts";
import { Alarms } from "./alarms.ts";
import { AuthStore } from "./auth-store.ts";
import { ExpiryTimer } from "./expiry-timer.ts";
import { type Lease, LeaseBook } from "./lease-book.ts";
import { Members } from "./members.ts";
import type { SavedState } from "./saved-state.ts";
import { Store, type StoreObserver } from "./store.ts";
import { Tokens } from "./tokens.ts";
import { WatcherGroup } from "./watcher-group.ts";

/** What the services need from outside. */
export interface CoreOptions {
  readonly clock: Clock;
  readonly progressIntervalMs: number;
  /** Unsigned 64-bit numbers, for the ids of cluster, member and leases. */
  readonly random: () => bigint;
  /** PBKDF2 rounds of a password; few in tests that make thousands of users. */
  readonly passwordRounds?: number | undefined;
  /** What to start from; an empty store unless given. */
  readonly state?: SavedState | undefined;
}

/** A stream the server may have to end. */
export interface Connection {
  /** Its watchers; 0 where it is no watch. */
  readonly watchers: number;
  cut(error: ConnectError): void;
}

/** From one cut of every stream to the next. */
export interface Era {
  /** What ended it; undefined until then. */
  readonly cutBy: ConnectError | undefined;
}

/** The state all services share: the store with its leases and watchers, and who we are. */
export class Core {
  readonly options: CoreOptions;
  readonly clusterId: bigint;
  readonly memberId: bigint;
  readonly raftTerm = 2n;
  readonly leases: LeaseBook = new LeaseBook();
  readonly synced: WatcherGroup = new WatcherGroup();
  readonly store: Store;
  readonly expiry: ExpiryTimer;
  readonly access: Access;
  readonly alarms: Alarms;
  readonly members: Members;
  readonly connections: Set<Connection> = new Set();
  #era: { cutBy: ConnectError | undefined } = { cutBy: undefined };

  constructor(options: CoreOptions) {
    this.options = options;
    this.clusterId = options.state?.clusterId ?? largeId(options.random);
    this.memberId = options.state?.memberId ?? largeId(options.random);
    const observer: StoreObserver = {
      moved: (name, from, to) => this.leases.move(name, from, to),
      committed: (revision, changes) => this.synced.notify(revision, changes),
    };
    this.store = new Store(observer, options.state?.store);
    this.expiry = new ExpiryTimer(options.clock, this.leases, (lease) => this.revoke(lease));
    this.access = new Access(new AuthStore(options.state?.auth), new Tokens(options.clock, options.random));
    this.alarms = new Alarms(options.state?.alarms);
    this.members = new Members(this.memberId, options.random, options.state?.learners);
    this.#restoreLeases(options.state?.leases ?? []);
  }

  /** All that outlives a restart. */
  get state(): SavedState {
    const { clusterId, memberId, store, leases, access, alarms, members } = this;
    return {
      ...{ clusterId, memberId, store: store.state, leases: leases.all() },
      ...{ auth: access.auth.state, alarms: alarms.get(), learners: members.learners },
    };
  }

  /** Every watcher of every stream. */
  get watchers(): number {
    let sum = 0;
    for (const { watchers } of this.connections) sum += watchers;
    return sum;
  }

  /** For a stream that does not stand in `connections`, because nothing would tell when its reader has gone. */
  get era(): Era {
    return this.#era;
  }

  header(revision: bigint = this.store.revision): ResponseHeader {
    return create(ResponseHeaderSchema, {
      clusterId: this.clusterId,
      memberId: this.memberId,
      raftTerm: this.raftTerm,
      revision,
    });
  }

  /** Adds to a header with only a revision who answers. */
  complete<T extends { header?: ResponseHeader | undefined }>(response: T): T & { header: ResponseHeader } {
    return Object.assign(response, { header: this.header(response.header?.revision || undefined) });
  }

  /** Ends a lease and deletes its keys, all in one revision and in key order. */
  revoke(lease: Lease): void {
    this.store.write((writer) => {
      for (const key of [...lease.keys].sort()) writer.delete({ key });
    });
    this.leases.remove(lease.id);
  }

  /** Ends every stream with an error. */
  cut(error: ConnectError): void {
    this.#era.cutBy = error;
    this.#era = { cutBy: undefined };
    for (const connection of [...this.connections]) connection.cut(error);
  }

  /** Ends every stream and stops the timer. */
  close(error: ConnectError): void {
    this.cut(error);
    this.expiry.stop();
  }

  /** Their time starts anew, as when etcd restarts. */
  #restoreLeases(leases: SavedState["leases"]): void {
    for (const { id, ttl } of leases) this.leases.grant(id, ttl, this.options.clock.now());
    this.store.index.visit({ from: "", to: undefined }, ({ name, latest }) => {
      if (latest !== undefined && latest.lease !== 0n) this.leases.move(name, 0n, latest.lease);
      return true;
    });
    this.expiry.update();
  }
}

// etcd's are hashes, so nearly always beyond 2^53: a client that reads them as numbers shall notice here.
function largeId(random: () => bigint): bigint {
  return BigInt.asUintN(64, random()) | (1n << 63n);
}
