import { once } from "node:events";
import { isEtcdError } from "../base/errors.ts";
import { createGateway, type Gateway } from "../gateway/index.ts";
import { createMemoryEtcd } from "../memory/index.ts";
import type { ServeOptions } from "./arguments.ts";
import { askBehind } from "./behind.ts";
import { greeting } from "./greeting.ts";

/** Serves until it is told to stop. Rejects where it cannot start, with what to do about it. */
export async function serve(options: ServeOptions, version: string): Promise<void> {
  const told = toldToStop();
  const memory = options.etcd.length === 0 ? createMemoryEtcd() : undefined;
  const behind = memory === undefined ? { etcd: options.etcd } : { memory };
  const { host, port, origins, hosts, assets } = options;
  const gateway = await open(() => createGateway({ ...behind, host, port, origins, hosts, assets }));
  try {
    await Promise.race([announce(gateway, options, version), told]);
    await told;
  } finally {
    await gateway.close();
    await memory?.close();
  }
}

async function announce(gateway: Gateway, options: ServeOptions, version: string): Promise<void> {
  console.log(greeting(version, gateway, options, await askBehind(gateway)));
}

/** Listens from the start, so that a signal during the start is not the end without a close. */
async function toldToStop(): Promise<void> {
  await Promise.race(["SIGINT", "SIGTERM"].map((signal) => once(process, signal)));
}

/** The gateway, or its error in the words of the command line. */
async function open(create: () => Promise<Gateway>): Promise<Gateway> {
  try {
    return await create();
  } catch (error) {
    if (!isEtcdError(error)) throw error;
    throw new StartError(error.message.replace(/\boption (port|host)\b/, "--$1"), { cause: error });
  }
}

/** It could not start; the message says why and what to do. */
export class StartError extends Error {
  override readonly name = "StartError";
}
