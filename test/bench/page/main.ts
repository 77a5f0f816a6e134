import type { Operation } from "../callers/operation.ts";
import { createWebCaller, type WebCallerName } from "../callers/web-callers.ts";
import type { Place } from "../contenders/contender.ts";
import { createWebContender, type WebContenderName } from "../contenders/web-contenders.ts";
import { clocked } from "../work/clocked.ts";
import { type FollowArgs, follow } from "../work/follow.ts";
import { type LatencyArgs, latencies } from "../work/latency.ts";
import { takeTurns } from "../work/take-turns.ts";
import type { Order } from "./orders.ts";

interface CallArgs {
  readonly place: Place;
  readonly callers: readonly WebCallerName[];
  readonly operation: Operation;
  readonly times: number;
}

interface WatchArgs {
  readonly place: Place;
  readonly contender: WebContenderName;
}

type Work = (args: never, ready: () => void) => Promise<unknown>;

const works: Readonly<Record<string, Work>> = {
  async call({ place, callers, operation, times }: CallArgs) {
    const loaded = callers.map(async (name) => clocked(name, await createWebCaller(name, place), operation));
    return takeTurns(await Promise.all(loaded), times);
  },
  // A page is not told its processor time.
  follow: async ({ place, contender, ...args }: FollowArgs & WatchArgs, ready) =>
    follow(await createWebContender(contender, place), args, ready, () => 0),
  latency: async ({ place, contender, ...args }: LatencyArgs & WatchArgs) =>
    latencies(await createWebContender(contender, place), args),
};

/** Does what it is told, and begins anew. */
async function obey(): Promise<void> {
  const { name, args } = (await (await fetch("/order")).json()) as Order;
  try {
    const result = await (works[name] as Work)(args as never, () => void say({ ready: true }));
    await say({ result });
  } catch (error) {
    await say({ error: error instanceof Error ? `${error.message}\n${error.stack}` : String(error) });
  }
  location.reload();
}

function say(message: object): Promise<unknown> {
  return fetch("/say", { method: "POST", body: JSON.stringify(message) });
}

await obey();
