import { type Key, toPrintable, toText } from "../base/bytes.ts";
import type { Range } from "../base/range.ts";
import type { EtcdKeyspace } from "../client/etcd.ts";
import { createView } from "../live/create-view.ts";
import type { View } from "../live/view.ts";

/** What a driver takes. */
export interface EtcdDriverOptions {
  /** Seconds that an item lives, unless its `setItem` says otherwise with `ttl`. Default: for ever. */
  readonly ttl?: number | undefined;
}

/** What an item takes. */
export interface EtcdItemOptions {
  /** Seconds. */
  readonly ttl?: number | undefined;
}

/** What unstorage wants of a driver; declared here, since its own declarations compile in few projects. */
export interface EtcdDriver {
  /** Always "etcd". */
  readonly name: string;
  /** As given. */
  readonly options: EtcdDriverOptions;
  /** Whether there is an item of this name. */
  hasItem(name: string): Promise<boolean>;
  /** The item as text; null where there is none. */
  getItem(name: string): Promise<string | null>;
  /** The item as bytes; null where there is none. */
  getItemRaw(name: string): Promise<Uint8Array | null>;
  /** Writes an item; with `ttl` (seconds) it goes by itself. */
  setItem(name: string, value: string, options?: EtcdItemOptions): Promise<void>;
  /** The same of bytes. */
  setItemRaw(name: string, value: Key, options?: EtcdItemOptions): Promise<void>;
  /** Deletes an item; that it was not there is no error. */
  removeItem(name: string): Promise<void>;
  /** The names that begin with `base`. */
  getKeys(base?: string): Promise<string[]>;
  /** Deletes the items whose names begin with `base`; without it all. */
  clear(base?: string): Promise<void>;
  /** Resolves, once what others change is heard, with what ends that. A value written again as it was is no change. */
  watch(listener: (event: "update" | "remove", name: string) => unknown): Promise<() => Promise<void>>;
  /** Ends what watches. */
  dispose(): Promise<void>;
}

/**
 * etcd as a driver for `unstorage`: the item `theme:colour` is the key `theme/colour`, and changes of any client are
 * heard by `watch`. A namespace of a client keeps it to a prefix. Keys that unstorage has no name for (those that hold
 * `:`, `\` or `?`, are not UTF-8, or have empty parts) do not show. The client is yours to close.
 *
 * @example
 * ```ts
 * import { createStorage } from "unstorage";
 * import { createEtcd } from "etcd-web";
 * import { etcdDriver } from "etcd-web/unstorage";
 *
 * const etcd = createEtcd({ endpoints: "https://etcd.example.com" });
 * const storage = createStorage({ driver: etcdDriver(etcd.namespace("app/")) });
 * await storage.setItem("sessions:anna", { visits: 1 }, { ttl: 3_600 }); // app/sessions/anna, for an hour
 * ```
 */
export function etcdDriver(etcd: EtcdKeyspace, options: EtcdDriverOptions = {}): EtcdDriver {
  const views = new Set<View<unknown>>();

  async function put(name: string, value: Key, { ttl = options.ttl }: EtcdItemOptions): Promise<void> {
    const lease = ttl === undefined ? undefined : await etcd.lease({ ttlSeconds: ttl, keepAlive: false });
    await etcd.put(toKey(name), value, { lease });
  }

  return {
    name: "etcd",
    options,
    hasItem: async (name) => (await etcd.count(toKey(name))) > 0,
    getItem: async (name) => (await etcd.get(toKey(name)))?.text() ?? null,
    getItemRaw: async (name) => (await etcd.get(toKey(name)))?.value ?? null,
    setItem: (name, value, given = {}) => put(name, value, given),
    setItemRaw: (name, value, given = {}) => put(name, value, given),
    async removeItem(name) {
      await etcd.delete(toKey(name));
    },
    async getKeys(base) {
      const names: string[] = [];
      for await (const { key } of etcd.scan(below(base), { keysOnly: true })) names.push(...toNames(toText(key)));
      return names;
    },
    async clear(base) {
      await etcd.delete(below(base));
    },
    async watch(listener) {
      // Exact, where text would take one value that is not UTF-8 for another; and what the view keeps of it anyway.
      const view = createView(etcd, { all: true }, { decode: ({ value }) => toPrintable(value) });
      views.add(view);
      const close = async (): Promise<void> => {
        views.delete(view);
        await view.close();
      };
      await view.ready().catch(async (error: unknown) => {
        await close();
        throw error;
      });
      view.subscribe(({ keys }) => {
        for (const key of keys)
          for (const name of toNames(key)) listener(view.get(key) === undefined ? "remove" : "update", name);
      });
      return close;
    },
    async dispose() {
      for (const view of views) await view.close();
    },
  };
}

const toKey = (name: string): string => name.replaceAll(":", "/");

function below(base = ""): Range {
  return base === "" ? { all: true } : { prefix: toKey(base) };
}

/** The item's name, if there can be one. */
function toNames(key: string): readonly string[] {
  return /[:\\?\uFFFD]|^\/|\/\/|\/$/.test(key) ? [] : [key.replaceAll("/", ":")];
}
