import { Buffer } from "node:buffer";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Place } from "../contenders/contender.ts";
import { type Caller, oneByOne } from "./caller.ts";

/** What is used of the package, which is not a dependency and brings no types here. */
interface Etcd3 {
  get(key: string): { buffer(): Promise<Buffer | null> };
  put(key: string): Put;
  getAll(): { prefix(prefix: string): { buffers(): Promise<Record<string, Buffer>> } };
  if(key: string, column: "Create", compare: ">", value: number): Conditional;
  close(): void;
}

interface Put {
  value(value: Buffer): Put & PromiseLike<unknown>;
}

interface Conditional {
  then(put: Put): { commit(): Promise<{ readonly succeeded: boolean }> };
}

/** microsoft/etcd3: native gRPC, from Node only. */
export async function createEtcd3({ etcd, etcd3 }: Pick<Place, "etcd" | "etcd3">): Promise<Caller> {
  const entry = pathToFileURL(join(etcd3, "node_modules/etcd3/lib/index.js")).href;
  const { Etcd3: Client } = (await import(entry)) as { Etcd3: new (options: object) => Etcd3 };
  // As it comes it takes no answer above 4 MiB.
  const client = new Client({ hosts: etcd, grpcOptions: { "grpc.max_receive_message_length": -1 } });
  const get: Caller["get"] = async (key) => (await client.get(key).buffer()) ?? undefined;
  return {
    get,
    getAll: oneByOne(get),
    async put(key, value) {
      await client.put(key).value(Buffer.from(value));
    },
    async replace(key, value) {
      const conditional = client.if(key, "Create", ">", 0);
      return (await conditional.then(client.put(key).value(Buffer.from(value))).commit()).succeeded;
    },
    async *list(prefix) {
      yield* Object.values(await client.getAll().prefix(prefix).buffers());
    },
    close: async () => client.close(),
  };
}
