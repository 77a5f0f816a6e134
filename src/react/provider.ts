import { createContext, createElement, type ReactElement, type ReactNode, useContext, useMemo } from "react";
import { EtcdError } from "../base/errors.ts";
import type { Etcd, EtcdReader } from "../client/etcd.ts";
import type { View } from "../live/view.ts";

/** What a provider takes. */
export interface EtcdProviderProps {
  /** A client, a namespace of one, or what `shareTabs` gives. Its closing is yours. */
  readonly etcd: EtcdReader;
  /** What `useEtcdValue` reads from below this provider. Without: from a view of each key. */
  readonly view?: View<unknown> | undefined;
  /** What it gives them to. */
  readonly children?: ReactNode;
}

const Provided = createContext<Omit<EtcdProviderProps, "children"> | undefined>(undefined);

/**
 * Gives what is below it a client and, perhaps, a view. On a server, and in the page that goes on from its HTML, give
 * both the same state: a view that is made with `initial` renders it, and the page's first call is its watch.
 *
 * @example
 * ```ts
 * import { createElement } from "react";
 * import { renderToString } from "react-dom/server";
 * import type { Etcd } from "etcd-web";
 * import { createView } from "etcd-web/live";
 * import { EtcdProvider, useEtcdValue } from "etcd-web/react";
 *
 * function Theme() {
 *   return createElement("p", null, useEtcdValue("config/theme") ?? "light");
 * }
 *
 * async function render(etcd: Etcd) {
 *   const range = { prefix: "config/" };
 *   await using live = createView(etcd, range);
 *   await live.ready({ timeoutMs: 1_000 });
 *   const initial = live.dehydrate(); // goes to the page as JSON, for its own createView
 *   const view = createView(etcd, range, { initial });
 *   return { initial, html: renderToString(createElement(EtcdProvider, { etcd, view }, createElement(Theme))) };
 * }
 * ```
 */
export function EtcdProvider({ etcd, view, children }: EtcdProviderProps): ReactElement {
  const provided = useMemo(() => ({ etcd, view }), [etcd, view]);
  return createElement(Provided.Provider, { value: provided }, children);
}

/**
 * The client of the nearest provider; of which kind, is yours to say. Throws "invalid-argument" where there is none.
 *
 * @example
 * ```ts
 * import { createElement } from "react";
 * import { useEtcd } from "etcd-web/react";
 *
 * function Darken() {
 *   const etcd = useEtcd();
 *   return createElement("button", { onClick: () => void etcd.put("config/theme", "dark") }, "Dark");
 * }
 * ```
 */
export function useEtcd<E extends EtcdReader = Etcd>(): E {
  const provided = useProvided();
  if (provided === undefined) throw new EtcdError("invalid-argument", "There is no EtcdProvider above this component");
  return provided.etcd as E;
}

/** What the nearest provider gives, if there is one. */
export function useProvided(): Omit<EtcdProviderProps, "children"> | undefined {
  return useContext(Provided);
}
