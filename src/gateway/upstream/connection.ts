import type { ClientHttp2Stream, OutgoingHttpHeaders } from "node:http2";
import type { Socket } from "node:net";
import { Http2SessionManager } from "../bundled.ts";

/** Beyond so many streams another connection is opened, even where the server would take more on one. */
const mostStreams = 1_000;

/** What is asked on a connection. */
export type Http2Request = readonly [method: string, path: string, headers: OutgoingHttpHeaders, options: object];

/** One connection, made when it is needed, and made anew when it is lost. It knows how many streams it may hold. */
export class Connection {
  readonly manager: Http2SessionManager;
  #streams = 0;
  /** How many streams the server takes; undefined while there is no connection, and until it has said so. */
  #limit: number | undefined;
  #greeting: Promise<void> | undefined;

  constructor(baseUrl: string, createConnection: () => Socket) {
    // A member that is gone without a word is noticed within half a minute. etcd allows a ping every 5 s, and none at
    // all while nothing runs, which is this manager's way too.
    const pings = { pingIntervalMs: 15_000, pingTimeoutMs: 10_000 };
    this.manager = new Http2SessionManager(baseUrl, pings, { createConnection });
  }

  /** Opens a stream; gives undefined where there is no room, as a stream too many would wait without a word. */
  async request(...request: Http2Request): Promise<ClientHttp2Stream | undefined> {
    while (this.#limit === undefined) {
      if (this.#greeting === undefined) return this.#greet(request);
      await this.#greeting;
    }
    return this.#streams < this.#limit ? this.#open(request) : undefined;
  }

  async #open(request: Http2Request): Promise<ClientHttp2Stream> {
    this.#streams++;
    try {
      const stream = await this.manager.request(...request);
      const { session } = stream;
      stream.once("close", () => {
        this.#streams--;
        if (session?.destroyed) this.#limit = undefined;
      });
      return stream;
    } catch (error) {
      this.#streams--;
      throw error;
    }
  }

  /** The first stream; others wait until the server has said how many it takes, and fail if there is no server. */
  #greet(request: Http2Request): Promise<ClientHttp2Stream> {
    const stream = this.#open(request);
    this.#greeting = stream
      .then((opened) => this.#learnLimit(opened))
      .finally(() => {
        this.#greeting = undefined;
      });
    this.#greeting.catch(() => {}); // the request itself tells
    return stream;
  }

  async #learnLimit(stream: ClientHttp2Stream): Promise<void> {
    const { session } = stream;
    if (session === undefined || session.destroyed) return;
    // Its settings come before it acknowledges ours. Where they never come, the session does not always tell its end.
    if (session.pendingSettingsAck) {
      const { promise, resolve } = Promise.withResolvers<void>();
      session.once("remoteSettings", () => resolve());
      stream.once("close", resolve);
      await promise;
    }
    if (!session.destroyed)
      this.#limit = Math.min(session.remoteSettings.maxConcurrentStreams ?? mostStreams, mostStreams);
  }
}
