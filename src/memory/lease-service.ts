import { create } from "@bufbuild/protobuf";
import type { ServiceImpl } from "@connectrpc/connect";
import {
  type LeaseGrantRequest,
  type LeaseKeepAliveRequest,
  type LeaseKeepAliveResponse,
  LeaseKeepAliveResponseSchema,
  type Lease as LeaseRpc,
  type LeaseTimeToLiveRequest,
} from "../gen/etcdserverpb/lease_pb.ts";
import type { Answers } from "./answers.ts";
import type { Core } from "./core.ts";
import { type Peer, serve } from "./duplex.ts";
import { errors } from "./errors.ts";
import { toBytes } from "./keys.ts";
import type { Lease } from "./lease-book.ts";

const positive = (1n << 63n) - 1n;

export function leaseService(core: Core): ServiceImpl<typeof LeaseRpc> {
  return {
    leaseGrant(request, { requestHeader }) {
      const { id: ID, ttl: TTL } = grant(core, requestHeader, request);
      return { header: core.header(), ID, TTL };
    },
    leaseRevoke({ ID }, { requestHeader }) {
      const caller = core.access.caller(requestHeader);
      caller.requireUser();
      core.alarms.checkWrite();
      const lease = core.leases.get(ID);
      caller.requireWriteOf(lease);
      if (lease === undefined) throw errors.leaseNotFound();
      core.revoke(lease);
      core.expiry.update();
      return { header: core.header() };
    },
    leaseKeepAlive: (requests, { signal, requestHeader }) =>
      serve<LeaseKeepAliveRequest, LeaseKeepAliveResponse>(core, requests, signal, (answers) =>
        keeper(core, requestHeader, answers),
      ),
    leaseTimeToLive(request, { requestHeader }) {
      const caller = core.access.caller(requestHeader);
      caller.requireUser();
      core.expiry.run();
      if (request.keys) caller.requireReadOf(core.leases.get(request.ID));
      return { header: core.header(), ID: request.ID, ...timeToLive(core, request) };
    },
    leaseLeases(_, { requestHeader }) {
      const caller = core.access.caller(requestHeader);
      caller.requireUser();
      core.expiry.run();
      for (const lease of core.leases.all()) caller.requireReadOf(lease);
      return { header: core.header(), leases: core.leases.all().map(({ id: ID }) => ({ ID })) };
    },
  };
}

/** Grants a lease, with an id of its own where none is asked for. */
export function grant(core: Core, headers: Headers, { ID, TTL }: Pick<LeaseGrantRequest, "ID" | "TTL">): Lease {
  core.access.caller(headers).requireUser();
  core.alarms.checkGrowth();
  const lease = core.leases.grant(ID === 0n ? freeId(core) : ID, TTL, core.options.clock.now());
  core.expiry.update();
  return lease;
}

/** The first free one from a random number on: that may be the same each time, where a test gives it. */
function freeId(core: Core): bigint {
  let id = core.options.random() & positive;
  while (id === 0n || core.leases.get(id) !== undefined) id = (id + 1n) & positive;
  return id;
}

/** Answers in order, and ends when the client has finished: a page can renew with one request. */
function keeper(core: Core, headers: Headers, answers: Answers<LeaseKeepAliveResponse>): Peer<LeaseKeepAliveRequest> {
  return {
    receive({ ID }) {
      // As etcd's, the header is from before: it never shows a revision at which the lease was gone already.
      const header = core.header();
      core.expiry.run();
      const caller = core.access.caller(headers);
      caller.requireUser();
      caller.requireWriteOf(core.leases.get(ID));
      const lease = core.leases.renew(ID, core.options.clock.now());
      answers.push(create(LeaseKeepAliveResponseSchema, { header, ID, TTL: lease?.ttl ?? 0n }));
    },
    finished: () => answers.end(),
    closed() {},
  };
}

function timeToLive(core: Core, { ID, keys }: LeaseTimeToLiveRequest) {
  const lease = core.leases.get(ID);
  if (lease === undefined) return { TTL: -1n };
  const remaining = (lease.expiresAt - core.options.clock.now()) / 1000;
  const attached = keys ? [...lease.keys].sort().map(toBytes) : [];
  return { TTL: BigInt(Math.trunc(remaining)), grantedTTL: lease.ttl, keys: attached };
}
