import type { Etcd } from "etcd-web";
import { type Alarm, createCluster, createMaintenance, type Member, type MemberStatus } from "etcd-web/admin";
import type { Place } from "../../connection/target.ts";
import { type Failure, toFailure } from "../../text/failure.ts";
import { formatId } from "../../text/format.ts";

/** What is known of the cluster at one moment. What could not be read says why. */
export interface ClusterReport {
  readonly endpoints: readonly EndpointReport[];
  readonly members: Read<readonly Member[]>;
  readonly alarms: Read<readonly Alarm[]>;
}

/** An answer, or why there is none. */
export type Read<T> =
  | { readonly value: T; readonly failure?: never }
  | { readonly value?: never; readonly failure: Failure };

/** How the member behind an endpoint is doing. */
export interface EndpointReport extends Endpoint {
  readonly status: Read<MemberStatus>;
}

/** One of the connection's. */
export interface Endpoint {
  /** As the library's calls take it; undefined: there is but one. */
  readonly endpoint: string | undefined;
  readonly title: string;
}

/** The endpoints of a connection. */
export function endpointsOf(place: Place): readonly Endpoint[] {
  if (place.kind === "memory") return [{ endpoint: undefined, title: "in this page" }];
  return place.urls.map((url) => ({ endpoint: url, title: url.replace(/^https?:\/\//, "") }));
}

/** Who is silent for longer is shown so, beside what the others say. */
const timeoutMs = 3_000;

/** Asks everybody at once. Fails only where nobody answers anything. */
export async function readCluster(etcd: Etcd, place: Place, signal: AbortSignal): Promise<ClusterReport> {
  const maintenance = createMaintenance(etcd);
  const [members, alarms, ...statuses] = await Promise.all([
    read(readMembers(etcd, signal)),
    read(maintenance.alarms({ signal, timeoutMs })),
    ...endpointsOf(place).map(async (each): Promise<EndpointReport> => {
      return { ...each, status: await read(maintenance.status({ endpoint: each.endpoint, signal, timeoutMs })) };
    }),
  ]);
  return { members, alarms, endpoints: statuses };
}

// Without a quorum a member still tells what it knows.
async function readMembers(etcd: Etcd, signal: AbortSignal): Promise<readonly Member[]> {
  const cluster = createCluster(etcd);
  try {
    return await cluster.members({ signal, timeoutMs });
  } catch (error) {
    return cluster.members({ signal, timeoutMs, serializable: true }).catch(() => {
      throw error;
    });
  }
}

async function read<T>(asked: Promise<T>): Promise<Read<T>> {
  return asked.then(
    (value) => ({ value }),
    (error: unknown) => ({ failure: toFailure(error) }),
  );
}

/** The id of the member that leads, by the word of whoever answers; undefined: nobody knows of one. */
export function leaderOf({ endpoints }: ClusterReport): bigint | undefined {
  return endpoints.map(({ status }) => status.value?.leader).find((leader) => leader !== undefined && leader !== 0n);
}

/** A member's name; its id while it has none. */
export function memberTitle({ name, id }: Pick<Member, "name" | "id">): string {
  return name === "" ? formatId(id) : name;
}

/** The same of whom only the id is known. */
export function titleOfId({ members }: ClusterReport, id: bigint): string {
  const member = members.value?.find((each) => each.id === id);
  return member === undefined ? formatId(id) : memberTitle(member);
}
