import { Code, ConnectError } from "@connectrpc/connect";
import { createElement as h, type ReactNode } from "react";
import { createRoot, type Root } from "react-dom/client";
import { createEtcd, type Etcd } from "../../src/index.ts";
import { createMemoryEtcd, type MemoryEtcd } from "../../src/memory/index.ts";

/** An etcd in the page, and a place to render. */
export interface ReactScene {
  readonly memory: MemoryEtcd;
  /** Another client than the components', so that what they do can be counted. */
  readonly writer: Etcd;
  readonly etcd: Etcd;
  /** Methods that the components' client has called. */
  readonly calls: readonly string[];
  readonly place: HTMLElement;
  readonly root: Root;
  /** While it is true, that client may read nothing. */
  refused: boolean;
  /** Errors that React recovered from or that nobody caught. */
  readonly errors: unknown[];
}

export function reactScene(): ReactScene {
  const memory = createMemoryEtcd();
  const calls: string[] = [];
  const { transport } = memory;
  const note = (name: string): void => {
    calls.push(name);
    if (scene.refused) throw new ConnectError("etcdserver: permission denied", Code.PermissionDenied);
  };
  const counted: typeof transport = {
    unary: async (method, ...rest) => {
      note(method.name);
      return await transport.unary(method, ...rest);
    },
    stream: async (method, ...rest) => {
      note(method.name);
      return await transport.stream(method, ...rest);
    },
  };
  const place = document.createElement("main");
  document.body.replaceChildren(place);
  const errors: unknown[] = [];
  const [etcd, writer] = [counted, transport].map((each) => createEtcd({ transport: each }));
  if (etcd === undefined || writer === undefined) throw new TypeError("unreachable");
  const onError = (error: unknown): unknown => errors.push(error);
  const root = createRoot(place, { onRecoverableError: onError, onUncaughtError: onError });
  const scene = { memory, writer, etcd, calls, place, root, errors, refused: false };
  return scene;
}

/** A component that tells how often it was rendered. */
export function counting(name: string, read: () => ReactNode): { (): ReactNode; renders: number } {
  function Counted(): ReactNode {
    Counted.renders++;
    return h("span", { id: name }, read());
  }
  Counted.renders = 0;
  return Counted;
}

/** Waits until `tell` gives what is expected; the last thing it gave is the error's. */
export async function becomes<T>(tell: () => T, expected: T): Promise<void> {
  const end = performance.now() + 8_000;
  for (;;) {
    const [given, wanted] = [JSON.stringify(tell()), JSON.stringify(expected)];
    if (given === wanted) return;
    if (performance.now() > end) throw new Error(`It is ${given} and not ${wanted}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
