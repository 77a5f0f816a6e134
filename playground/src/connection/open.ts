import { createEtcd, type Etcd, passwordAuth } from "etcd-web";
import { openMemory, type PageEtcd } from "./memory/open-memory.ts";
import { readOnlyInterceptor } from "./read-only.ts";
import type { Target } from "./target.ts";

/** A client, and the etcd in this page if that is what it is a client of. */
export interface Opened {
  readonly etcd: Etcd;
  readonly memory: PageEtcd | undefined;
}

/** Opens a client, which alone holds the password. `onBegunAnew`: the etcd in this page has been emptied. */
export async function open(target: Target, password: string | undefined, onBegunAnew: () => void): Promise<Opened> {
  const { place, user, readOnly } = target;
  const auth = user === undefined || password === undefined ? undefined : passwordAuth({ name: user, password });
  const interceptors = readOnly ? [readOnlyInterceptor] : [];
  if (place.kind === "endpoints") {
    return { etcd: createEtcd({ endpoints: place.urls, auth, interceptors }), memory: undefined };
  }
  const memory = await openMemory(place.name, interceptors, onBegunAnew);
  return { etcd: createEtcd({ transport: memory.transport, auth }), memory };
}
