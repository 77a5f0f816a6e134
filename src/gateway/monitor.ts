import type { RequestListener, ServerResponse } from "node:http";
import { createDoor, ownNames } from "./door.ts";
import type { Health } from "./health.ts";
import { answer, createListener, pathOf } from "./listener.ts";
import type { Metrics } from "./metrics.ts";
import type { Settings } from "./options.ts";
import { type Listening, listen } from "./server.ts";

/** The port for those who look after the gateway: `/metrics`, and `/health` with a reason. No page may ask it. */
export async function listenForMonitors(
  { monitor, hosts, limits }: Settings,
  metrics: Metrics,
  health: () => Promise<Health>,
): Promise<Listening | undefined> {
  if (monitor === undefined) return undefined;
  const rooms: Partial<Record<string, RequestListener>> = {
    "/metrics": (_request, response) => void answerMetrics(response, metrics),
    "/health": (_request, response) => void answerHealth(response, health, { withReason: true }),
  };
  const names = [...ownNames(monitor.host), ...hosts.map((host) => host.replace(/:\d+$/, ""))];
  return await listen({ ...monitor, tls: undefined, limits, proxies: 0 }, (port) =>
    createListener({
      door: createDoor({ port, hosts: names, origins: new Set(), anyAddress: true }),
      at: (path) => rooms[path],
      elsewhere: notFound,
    }),
  );
}

/** Whether etcd behind answers, for a load balancer: 200 or 503, and the reason for those who may know it. */
export async function answerHealth(
  response: ServerResponse,
  ask: () => Promise<Health>,
  { withReason = false }: { readonly withReason?: boolean } = {},
): Promise<void> {
  const health = await ask();
  const { healthy } = health;
  const reason = withReason && !health.healthy ? { reason: health.reason } : {};
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  // As etcd's own /health says it.
  response.writeHead(healthy ? 200 : 503, headers).end(`${JSON.stringify({ health: String(healthy), ...reason })}\n`);
}

async function answerMetrics(response: ServerResponse, metrics: Metrics): Promise<void> {
  const text = await metrics.text();
  response.writeHead(200, { "content-type": metrics.contentType }).end(text);
}

const notFound: RequestListener = (request, response) => {
  answer(response, 404, `There is nothing at ${pathOf(request)}: this port has /metrics and /health.`);
};
