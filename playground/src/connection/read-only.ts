import { Code, ConnectError, type Interceptor } from "@connectrpc/connect";
import { isReading } from "./reading.ts";

/** Refuses every call that could change something, whatever part of the page makes it. */
export const readOnlyInterceptor: Interceptor = (next) => (request) => {
  if (isReading(request.method)) return next(request);
  const said = `this connection is read-only: ${request.method.name} has not left the page`;
  throw new ConnectError(said, Code.PermissionDenied);
};
