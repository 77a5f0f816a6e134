import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** The way from a client to its proxy, which can be cut and held. Its URL stays, wherever the proxy goes. */
export interface Path extends AsyncDisposable {
  /** `http://localhost:port`. */
  readonly url: string;
  /** Ends every connection; new ones are taken. */
  drop(): void;
  /** Ends every connection and refuses new ones, until it is mended. */
  cut(): Promise<void>;
  mend(): Promise<void>;
  /** Keeps every connection and lets nothing through, until all who hold it have let it go. */
  hold(): void;
  letGo(): void;
}

/** Opens a path to wherever `target` says at the time: `http://localhost:port`. */
export async function openPath(target: () => string): Promise<Path> {
  const path = new TcpPath(target);
  await path.mend();
  return path;
}

class TcpPath implements Path {
  readonly #target: () => string;
  readonly #server: Server;
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #port = 0;
  #holders = 0;

  constructor(target: () => string) {
    this.#target = target;
    this.#server = createServer((near) => this.#join(near));
  }

  get url(): string {
    return `http://localhost:${this.#port}`;
  }

  drop(): void {
    for (const [near, far] of this.#pairs) {
      near.destroy();
      far.destroy();
    }
  }

  async cut(): Promise<void> {
    if (!this.#server.listening) return;
    this.#server.close();
    this.drop();
    await once(this.#server, "close");
  }

  async mend(): Promise<void> {
    if (this.#server.listening) return;
    this.#server.listen(this.#port, "127.0.0.1");
    await once(this.#server, "listening");
    this.#port = (this.#server.address() as AddressInfo).port;
  }

  hold(): void {
    this.#holders++;
    for (const [near, far] of this.#pairs) {
      near.unpipe(far);
      far.unpipe(near);
    }
  }

  letGo(): void {
    this.#holders--;
    if (this.#holders === 0) for (const pair of this.#pairs) flow(pair);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.cut();
  }

  #join(near: Socket): void {
    const far = connect(Number(new URL(this.#target()).port), "127.0.0.1");
    const pair = [near, far] as const;
    this.#pairs.add(pair);
    for (const socket of pair) {
      socket.on("error", () => socket.destroy());
      socket.on("close", () => {
        this.#pairs.delete(pair);
        near.destroy();
        far.destroy();
      });
    }
    if (this.#holders === 0) flow(pair);
  }
}

/** What one side says the other hears; with one side the other ends too. */
function flow([near, far]: readonly [Socket, Socket]): void {
  near.pipe(far);
  far.pipe(near);
}
