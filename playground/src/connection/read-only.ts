import { Code, ConnectError, type Interceptor, type StreamRequest, type UnaryRequest } from "@connectrpc/connect";
import { AlarmRequest_AlarmAction as Action } from "etcd-web/proto";
import { isReading } from "./reading.ts";

/** Refuses every call that could change something, whatever part of the page makes it. */
export const readOnlyInterceptor: Interceptor = (next) => (request) => {
  if (isReading(request.method) || listsAlarms(request)) return next(request);
  const said = `this connection is read-only: ${request.method.name} has not left the page`;
  throw new ConnectError(said, Code.PermissionDenied);
};

// One method of etcd's lists alarms, raises and disarms them.
function listsAlarms(request: UnaryRequest | StreamRequest): boolean {
  if (request.stream || request.method.localName !== "alarm") return false;
  return "action" in request.message && request.message.action === Action.GET;
}
