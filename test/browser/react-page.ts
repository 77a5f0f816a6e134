import {
  Component,
  createElement as h,
  type ReactNode,
  StrictMode,
  Suspense,
  startTransition,
  useLayoutEffect,
} from "react";
import { hydrateRoot } from "react-dom/client";
import { renderToString } from "react-dom/server.browser";
import type { EtcdError } from "../../src/index.ts";
import { createView } from "../../src/live/index.ts";
import { EtcdProvider, useEtcdValue, useView } from "../../src/react/index.ts";
import { becomes, counting, reactScene } from "./react-scene.ts";

const range = { prefix: "config/" } as const;

/** By name, for the test process to call. */
const cases: Record<string, () => Promise<void>> = {
  async "a component renders again only where a value that it reads has changed"() {
    const { etcd, writer, root, place } = reactScene();
    const view = createView(etcd, range);
    const theme = counting("theme", () => useEtcdValue("config/theme"));
    const title = counting("title", () => useEtcdValue("config/title"));
    const size = counting("size", () => useView(view, { select: ({ values }) => values.size }));
    const counts = (): number[] => [theme.renders, title.renders, size.renders];
    root.render(h(EtcdProvider, { etcd, view }, h(theme), h(title), h(size)));
    await view.ready();
    await becomes(counts, [1, 1, 1]);
    await writer.put("config/theme", "dark");
    await becomes(counts, [2, 1, 2]);
    await writer.put("config/title", "Hello");
    await becomes(counts, [2, 2, 3]);
    await writer.put("config/theme", "light");
    await writer.put("config/theme", "light");
    await writer.put("config/other", "1");
    await becomes(() => place.textContent, "lightHello3");
    await becomes(counts, [3, 2, 4]);
  },

  async "components of one key share its watch, in StrictMode too, and nothing is left when they are gone"() {
    const { etcd, writer, calls, root, place } = reactScene();
    await writer.put("a", "1");
    const first = counting("first", () => useEtcdValue("a"));
    const second = counting("second", () => useEtcdValue("a"));
    const app = h(StrictMode, null, h(EtcdProvider, { etcd }, h(first), h(second)));
    root.render(app);
    await becomes(() => place.textContent, "11");
    root.render(null);
    await becomes(() => place.textContent, "");
    root.render(app);
    await becomes(() => place.textContent, "11");
    if (calls.filter((name) => name === "Watch").length !== 1) throw new Error(`Calls: ${calls}`);
    root.unmount();
    await becomes(() => etcd.connection.state.state, "idle");
  },

  async "what a server rendered is taken over without a mismatch; the first call is the watch"() {
    const { etcd, writer, calls, place, root, errors } = reactScene();
    root.unmount();
    await writer.put("config/theme", "dark");
    const live = createView(writer, range);
    await live.ready();
    const initial = live.dehydrate();
    await live.close();
    const theme = (): ReactNode => h("b", null, useEtcdValue("config/theme"), useEtcdValue("config/added"));
    const app = (view: typeof live): ReactNode => h(EtcdProvider, { etcd, view }, h(theme));
    place.innerHTML = renderToString(app(createView(etcd, range, { initial })));
    if (place.textContent !== "dark") throw new Error(place.innerHTML);
    const rendered = place.firstElementChild;
    await writer.put("config/added", "!");
    const view = createView(etcd, range, { initial });
    hydrateRoot(place, app(view), { onRecoverableError: (error) => errors.push(error) });
    await becomes(() => place.textContent, "dark!");
    if (place.firstElementChild !== rendered) throw new Error("It was rendered anew");
    if (errors.length > 0 || calls[0] !== "Watch") throw new Error(`${errors} ${calls}`);
    await view.close();
  },

  async "a view that moves on before the page takes over makes no mismatch either"() {
    const { etcd, writer, place, root, errors } = reactScene();
    root.unmount();
    await writer.put("config/theme", "dark");
    const view = createView(etcd, range);
    const theme = (): ReactNode => h("b", null, useEtcdValue("config/theme") ?? "none");
    const app = h(EtcdProvider, { etcd, view }, h(theme));
    place.innerHTML = renderToString(app);
    await view.ready();
    hydrateRoot(place, app, { onRecoverableError: (error) => errors.push(error) });
    await becomes(() => place.textContent, "dark");
    if (errors.length > 0) throw new Error(String(errors));
    await view.close();
  },

  async "a component suspends until there is something, and an error goes to its boundary, from where it is tried again"() {
    const scene = reactScene();
    const { etcd, writer, memory, place, root } = scene;
    await writer.put("config/theme", "dark");
    const view = createView(etcd, range, { graceMs: 0 });
    const theme = (): ReactNode => useView(view, { suspend: true }).values.get("config/theme");
    const tries = (n: number): ReactNode => h(Boundary, { key: n }, h(Suspense, { fallback: "waiting" }, h(theme)));
    scene.refused = true;
    root.render(tries(1));
    await becomes(() => place.textContent, "failed: permission-denied");
    scene.refused = false;
    await new Promise((resolve) => setTimeout(resolve, 1_100));
    memory.faults.unavailable(100);
    root.render(tries(2));
    await becomes(() => place.textContent, "waiting");
    await becomes(() => place.textContent, "dark");
    root.render(null);
    root.render(tries(3));
    await becomes(() => place.textContent, "dark");
  },

  async "a component shows what an asynchronous storage has kept, with no etcd to be reached"() {
    const { etcd, writer, memory, place, root } = reactScene();
    await writer.put("config/theme", "dark");
    const first = createView(etcd, range);
    await first.ready();
    const kept = JSON.stringify(first.dehydrate());
    await first.close();
    memory.faults.unavailable(1_000_000);
    const view = createView(etcd, range, { storage: { load: async () => kept, save: () => {} } });
    const theme = (): ReactNode => useView(view, { suspend: true }).values.get("config/theme");
    root.render(h(Suspense, { fallback: "waiting" }, h(theme)));
    await becomes(() => place.textContent, "dark");
    root.render(null);
    await view.close();
  },

  async "all components of a screen show the same revision, however slowly React renders them"() {
    const { etcd, writer, root } = reactScene();
    const view = createView(etcd, range);
    await view.ready();
    const torn: string[] = [];
    const shown = new Array<string | undefined>(40).fill(undefined);
    const each = ({ index }: { index: number }): ReactNode => {
      const value = useEtcdValue("config/n");
      const end = performance.now() + 1;
      while (performance.now() < end);
      useLayoutEffect(() => {
        shown[index] = value;
      });
      return value;
    };
    const all = (): ReactNode => {
      useView(view);
      useLayoutEffect(() => {
        if (new Set(shown).size > 1) torn.push(JSON.stringify(shown));
      });
      return shown.map((_, index) => h(each, { key: index, index }));
    };
    startTransition(() => root.render(h(EtcdProvider, { etcd, view }, h(all))));
    for (let n = 1; n <= 20; n++) await writer.put("config/n", String(n));
    await becomes(() => shown.at(-1), "20");
    if (torn.length > 0) throw new Error(torn[0]);
    root.unmount();
  },
};

class Boundary extends Component<{ readonly children?: ReactNode }, { readonly error?: EtcdError }> {
  override state: { readonly error?: EtcdError } = {};

  static getDerivedStateFromError(error: EtcdError): { readonly error: EtcdError } {
    return { error };
  }

  override render(): ReactNode {
    return this.state.error === undefined ? this.props.children : `failed: ${this.state.error.code}`;
  }
}

declare global {
  var reactCases: readonly string[];
  /** Runs one; what it gives is why it failed. */
  var runReactCase: (name: string) => Promise<string | undefined>;
}

globalThis.reactCases = Object.keys(cases);
globalThis.runReactCase = async (name) => {
  try {
    await cases[name]?.();
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
};
