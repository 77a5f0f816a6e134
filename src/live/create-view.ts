import { asyncDispose } from "../base/async-dispose.ts";
import { toPrintable } from "../base/bytes.ts";
import type { KeyValue } from "../base/key-value.ts";
import type { Range } from "../base/range.ts";
import { validate } from "../base/standard-schema.ts";
import type { EtcdReader } from "../client/etcd.ts";
import { LiveView } from "./live-view.ts";
import { sharedOf } from "./tabs/share-tabs.ts";
import type { View, ViewOptions } from "./view.ts";

/**
 * A range as a map of values, kept up to date for a screen. Throws "invalid-argument" for a range that cannot be.
 *
 * @example
 * ```ts
 * import { createEtcd } from "etcd-web";
 * import { createView } from "etcd-web/live";
 *
 * const etcd = createEtcd({ endpoints: "https://etcd.example.com" });
 * const config = createView(etcd, { prefix: "config/" }, { defaults: { "config/theme": "light" }, storage: "local" });
 * const stop = config.subscribe(() => {
 *   document.body.className = config.get("config/theme") ?? "";
 * });
 * ```
 */
export function createView<T = string>(etcd: EtcdReader, range: Range, options: ViewOptions<T> = {}): View<T> {
  const reader = options.share ? sharedOf(etcd) : etcd;
  const view = new LiveView(reader, range, toDecoder(options), options);
  return {
    get: (key) => view.get(key),
    getSnapshot: () => view.snapshot,
    getServerSnapshot: () => view.served,
    subscribe: (listener) => view.subscribe(listener),
    ready: (readyOptions) => view.ready(readyOptions),
    dehydrate: () => view.dehydrate(),
    close: async () => view.close(),
    [asyncDispose]: async () => view.close(),
  };
}

function toDecoder<T>({ decode, schema }: ViewOptions<T>): (kv: KeyValue) => T {
  if (decode === undefined) return (kv) => (schema === undefined ? (kv.text() as T) : kv.json(schema));
  if (schema === undefined) return decode;
  return (kv) => validate(schema, decode(kv), `The value of ${toPrintable(kv.key)}`);
}
