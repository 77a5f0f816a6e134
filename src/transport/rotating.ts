import type { Transport } from "@connectrpc/connect";
import { isEtcdError } from "../base/errors.ts";
import { EndpointHealth } from "./endpoint-health.ts";
import { blamesEndpoint, toEtcdError } from "./to-etcd-error.ts";
import { watched } from "./watched.ts";

/** One transport of several: each call goes to the one that was used last, until that fails. It repeats nothing. */
export function rotate(transports: readonly Transport[], now: () => number): Transport {
  const health = new EndpointHealth(transports.length, now);
  return toChosen(judged(transports, health), health);
}

/** Where each call goes is its health's to say. */
export function toChosen(transports: readonly Transport[], health: EndpointHealth): Transport {
  const chosen = (): Transport => transports[health.choose()] as Transport;
  return {
    unary: (...call) => chosen().unary(...call),
    stream: (...call) => chosen().stream(...call),
  };
}

/** The same transports; what becomes of their calls goes into their health. */
export function judged(transports: readonly Transport[], health: EndpointHealth): readonly Transport[] {
  return transports.map((transport, index) => {
    const failed = (error: unknown, signal: AbortSignal | undefined): void => {
      // Who leaves a call says nothing of the endpoint; our own time-outs, and what else has a reason of ours, may.
      if (signal?.aborted && !isEtcdError(signal.reason)) return;
      if (blamesEndpoint(toEtcdError(error, { what: "", write: false, signal }))) health.failed(index);
      else if (!signal?.aborted) health.answered(index);
    };
    return {
      async unary(method, signal, ...call) {
        try {
          const response = await transport.unary(method, signal, ...call);
          health.answered(index);
          return response;
        } catch (error) {
          failed(error, signal);
          throw error;
        }
      },
      async stream(method, signal, ...call) {
        try {
          const response = await transport.stream(method, signal, ...call);
          return { ...response, message: watched(response.message, (error) => failed(error, signal)) };
        } catch (error) {
          failed(error, signal);
          throw error;
        }
      },
    };
  });
}
