import { createServer, request as send } from "node:http";
import type { AddressInfo } from "node:net";

/** A proxy of a kind that several are by default: what comes with the headers goes out, the rest when it is whole. */
export async function startGatheringProxy(behind: string): Promise<{ url: string; stop(): Promise<void> }> {
  const server = createServer((incoming, outgoing) => {
    const { method, url, headers } = incoming;
    const request = send(new URL(url ?? "/", behind), { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      const kept: Buffer[] = [];
      answer.once("data", (first) => {
        outgoing.write(first);
        answer.on("data", (piece) => kept.push(piece));
      });
      answer.on("close", () => outgoing.end(Buffer.concat(kept)));
    });
    request.on("error", () => outgoing.destroy());
    outgoing.on("close", () => request.destroy());
    incoming.pipe(request);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://localhost:${(server.address() as AddressInfo).port}`, stop };
}
