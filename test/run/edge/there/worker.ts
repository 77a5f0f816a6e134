import { createEtcd, type Etcd, isEtcdError, passwordAuth } from "../../../../src/index.ts";

interface Variables {
  readonly ENDPOINT: string;
  readonly PASSWORD: string;
}

/** Of an earlier time: etcd refuses it. */
let token: string | undefined = "forgotten.1";
let shared: Etcd | undefined;

function connect({ ENDPOINT, PASSWORD }: Variables): Etcd {
  const cache = {
    get: () => token,
    set(renewed: string) {
      token = renewed;
    },
  };
  return createEtcd({ endpoints: ENDPOINT, auth: passwordAuth({ name: "root", password: PASSWORD, cache }) });
}

/** How many requests have begun. */
let begun = 0;

/** `/shared/…` by one client for all requests, `/own/…` by one for this request. */
export default {
  async fetch(request: Request, variables: Variables): Promise<Response> {
    const { pathname, searchParams } = new URL(request.url);
    const [, whose, what, key = ""] = pathname.split("/");
    const timeoutMs = Number(searchParams.get("timeoutMs") ?? 10_000);
    if (whose === "begun") return new Response(String(begun));
    begun++;
    shared ??= connect(variables);
    const etcd = whose === "shared" ? shared : connect(variables);
    if (what === "watch") return new Response(values(etcd, key, request.signal));
    try {
      if (what === "put") return new Response(String((await etcd.put(key, "2", { timeoutMs })).revision));
      return new Response((await etcd.get(key, { timeoutMs }))?.text());
    } catch (error) {
      return new Response(isEtcdError(error) ? error.code : String(error), { status: 500 });
    }
  },
};

/** A line for each value, until the one who asked has gone. */
function values(etcd: Etcd, key: string, signal: AbortSignal): ReadableStream {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const write = (line: string): Promise<void> => writer.write(new TextEncoder().encode(`${line}\n`));
  const follow = async (): Promise<void> => {
    const watch = etcd.watch(key, { signal });
    await watch.opened;
    await write("opened");
    for await (const { kv } of watch) if ("text" in kv) await write(kv.text());
  };
  follow().catch((error: unknown) => writer.abort(error));
  return readable;
}
