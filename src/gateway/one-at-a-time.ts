import type { RequestListener, ServerResponse } from "node:http";
import type { Socket } from "node:net";

/**
 * Answers one request of an HTTP/1.1 connection at a time. Whoever sends one before the last answer has ended loses the
 * connection: no browser and no proxy does, and Node would hold what comes behind a watch for as long as that lasts, and
 * does not tell of the caller's leave meanwhile.
 *
 * @param refused told of each connection that is ended
 */
export function oneAtATime(listener: RequestListener, refused: () => void): RequestListener {
  const answers = new WeakMap<Socket, ServerResponse>();
  return (request, response) => {
    if (request.httpVersionMajor !== 1) return listener(request, response);
    const { socket } = request;
    const before = answers.get(socket);
    if (socket.destroyed) return;
    answers.set(socket, response);
    if (before === undefined || before.closed) return listener(request, response);
    if (before.writableEnded) {
      // The last of it may be with the caller already, and we are told so only after this: over TLS it comes later.
      before.once("close", () => {
        if (!socket.destroyed) listener(request, response);
      });
      return;
    }
    refused();
    socket.destroy();
  };
}
