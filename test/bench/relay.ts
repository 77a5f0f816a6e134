import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** A way to a server that can be cut, whatever is spoken on it: a stand-in for a network. */
export interface Relay extends AsyncDisposable {
  /** `http://localhost:port`. */
  readonly url: string;
  /** Bytes that have gone to the server. */
  readonly bytesUp: number;
  /** Resets every connection there is; new ones are served. */
  cut(): void;
}

/** Starts one before `http://host:port`. */
export async function startRelay(target: string): Promise<Relay> {
  const { hostname, port } = new URL(target);
  const near = new Set<Socket>();
  let bytesUp = 0;
  const server = createServer({ noDelay: true }, (socket) => {
    const far = connect({ host: hostname, port: Number(port), noDelay: true });
    near.add(socket);
    socket.on("data", (bytes) => {
      bytesUp += bytes.length;
    });
    socket.pipe(far).pipe(socket);
    for (const [one, other] of [[socket, far] as const, [far, socket] as const]) {
      one.on("error", () => {}).on("close", () => other.destroy());
    }
    socket.on("close", () => near.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const cut = (): void => {
    for (const socket of near) socket.resetAndDestroy();
  };
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    get bytesUp() {
      return bytesUp;
    },
    cut,
    async [Symbol.asyncDispose]() {
      server.close();
      cut();
    },
  };
}
