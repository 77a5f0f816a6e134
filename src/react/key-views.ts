import type { EtcdReader } from "../client/etcd.ts";
import { platformOf } from "../client/inside.ts";
import { createView } from "../live/create-view.ts";
import type { View } from "../live/view.ts";

/** Milliseconds that a view of one key lives on without a component. */
const graceMs = 5_000;

/** A view of each key that components of a client show; those that show the same key share it. */
export class KeyViews {
  readonly #etcd: EtcdReader;
  readonly #views = new Map<string, View<string>>();

  constructor(etcd: EtcdReader) {
    this.#etcd = etcd;
  }

  /** How many there are. */
  get size(): number {
    return this.#views.size;
  }

  get(key: string): string | undefined {
    return this.#view(key).get(key);
  }

  subscribe(key: string, listener: () => void): () => void {
    return this.#view(key).subscribe(listener);
  }

  /** One that a render asked for and no component shows goes as well: React may drop what it has rendered. */
  #view(key: string): View<string> {
    const before = this.#views.get(key);
    if (before !== undefined) return before;
    const view = this.#forgotten(key, createView(this.#etcd, key, { graceMs }));
    this.#views.set(key, view);
    return view;
  }

  #forgotten(key: string, view: View<string>): View<string> {
    const platform = platformOf(this.#etcd);
    let shown = 0;
    const forget = (): void => {
      if (shown === 0 && this.#views.delete(key)) void view.close();
    };
    const soon = (): (() => void) => platform.setTimeout(forget, graceMs);
    let cancel = soon();
    const subscribe: View<string>["subscribe"] = (listener) => {
      cancel();
      shown++;
      const leave = view.subscribe(listener);
      return () => {
        leave();
        if (--shown === 0) cancel = soon();
      };
    };
    return { ...view, subscribe };
  }
}

const ofClients = new WeakMap<EtcdReader, KeyViews>();

/** Those of a client. */
export function keyViewsOf(etcd: EtcdReader): KeyViews {
  const before = ofClients.get(etcd);
  if (before !== undefined) return before;
  const views = new KeyViews(etcd);
  ofClients.set(etcd, views);
  return views;
}
