import { createEtcd, type Etcd, passwordAuth } from "etcd-web";
import { openMemory, type PageEtcd } from "./memory.ts";
import { readOnlyInterceptor, readOnlyTransport } from "./read-only.ts";
import type { Target } from "./target.ts";

/** A client, and the etcd in this page if that is what it is a client of. */
export interface Opened {
  readonly etcd: Etcd;
  readonly memory: PageEtcd | undefined;
}

/** Opens a client. It alone holds the password. */
export async function open({ place, user, readOnly }: Target, password: string | undefined): Promise<Opened> {
  const auth = user === undefined || password === undefined ? undefined : passwordAuth({ name: user, password });
  if (place.kind === "endpoints") {
    const interceptors = readOnly ? [readOnlyInterceptor] : [];
    return { etcd: createEtcd({ endpoints: place.urls, auth, interceptors }), memory: undefined };
  }
  const memory = await openMemory(place.name);
  const transport = readOnly ? readOnlyTransport(memory.transport) : memory.transport;
  return { etcd: createEtcd({ transport, auth }), memory };
}
