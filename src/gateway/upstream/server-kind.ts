import { Code, ConnectError, type Transport } from "@connectrpc/connect";
import { Maintenance, type WatchCreateRequest, type WatchResponse } from "../../proto.ts";
import { heldOpen, type OpenWatch } from "./open-watch.ts";

/** No id that a page would choose, nor one that a server would count to. */
const ownId = 2n ** 62n;

/** How long a server may take to say what it is. */
const patienceMs = 5_000;

/** What answers at the other end of one connection, as far as it shows. */
export class ServerKind {
  #keepsIds: boolean | undefined;
  #asking: Promise<boolean | undefined> | undefined;
  #answersProgress: boolean | undefined;

  /**
   * Whether watches get the ids that are asked for: etcd does so, its `grpc-proxy` does not. Found out by a watch like
   * the one given, which must be one that the caller may make: a refusal says nothing.
   */
  async keepsIds(open: OpenWatch, like: WatchCreateRequest): Promise<boolean | undefined> {
    // That another caller's watch has failed may be for its own time-out or leader: who waited for it asks as well.
    if (this.#keepsIds === undefined && this.#asking !== undefined) await this.#asking.catch(() => {});
    if (this.#keepsIds !== undefined) return this.#keepsIds;
    const asking = tryId(open, like);
    this.#asking = asking;
    try {
      const keeps = await asking;
      this.#keepsIds ??= keeps;
    } finally {
      if (this.#asking === asking) this.#asking = undefined;
    }
    return this.#keepsIds;
  }

  /**
   * Whether it may be asked for bookmarks: before 3.4.25 and 3.5.8 they come ahead of the events that they claim to
   * follow. Never rejects; what the caller may not ask stays unknown, and a no.
   */
  async answersProgress(transport: Transport, header: HeadersInit | undefined): Promise<boolean> {
    const { status } = Maintenance.method;
    this.#answersProgress ??= await transport.unary(status, undefined, patienceMs, header, {}).then(
      ({ message }) => isAtLeast(message.version),
      () => undefined,
    );
    return this.#answersProgress ?? false;
  }
}

async function tryId(open: OpenWatch, like: WatchCreateRequest): Promise<boolean | undefined> {
  const done = new AbortController();
  const late = setTimeout(() => done.abort(tooLate), patienceMs);
  const { key, rangeEnd } = like;
  try {
    const request = { requestUnion: { case: "createRequest", value: { key, rangeEnd, watchId: ownId } } } as const;
    const answer = await firstOf(open(heldOpen(request, done.signal), done.signal));
    return answer.canceled ? undefined : answer.watchId === ownId;
  } finally {
    clearTimeout(late);
    done.abort(new ConnectError("the answer is there", Code.Canceled));
  }
}

const tooLate = new ConnectError(`etcd does not answer a watch within ${patienceMs / 1000} seconds`, Code.Unavailable);

async function firstOf(responses: AsyncIterable<WatchResponse>): Promise<WatchResponse> {
  for await (const response of responses) return response;
  throw new ConnectError("etcd ended a watch without an answer", Code.Unavailable);
}

/** By line; newer lines have it from the beginning. */
const firstPatch: Readonly<Record<string, number>> = { "3.4": 25, "3.5": 8 };

function isAtLeast(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(/[.+-]/).map(Number);
  return major > 3 || (major === 3 && (minor > 5 || patch >= (firstPatch[`3.${minor}`] ?? Number.POSITIVE_INFINITY)));
}
