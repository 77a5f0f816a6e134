import { AssertionError, expect } from "chai";
import type { Watch } from "../../src/index.ts";
import { asyncDispose, reasonOf, rejection, take, until } from "./expectations.ts";
import { collectGarbage } from "./garbage.ts";
import type { Suite } from "./suite.ts";

/** Every way to leave a watch; each resolves when its reader is done. */
const ways: Readonly<Record<string, (leaving: Leaving) => Promise<unknown>>> = {
  async break({ watch, write }) {
    await write();
    for await (const _ of watch) break;
  },
  async return({ watch }) {
    const reader = watch[Symbol.asyncIterator]();
    const pending = reader.next();
    await reader.return?.();
    expect(await pending).to.deep.equal({ done: true, value: undefined });
  },
  async abort({ watch, abort }) {
    const pending = watch[Symbol.asyncIterator]().next();
    abort.abort();
    await reasonOf(pending);
  },
  async dispose({ watch }) {
    await using held = watch;
    void held;
  },
  close: ({ watch }) => watch.close(),
};

interface Leaving {
  readonly watch: Watch;
  readonly abort: AbortController;
  readonly write: () => Promise<unknown>;
}

/** How a watch ends: at once, in every way, with nothing left behind (the suite counts watches on the server). */
export const watchEnds: Suite = {
  "break ends a watch": async ({ etcd, prefix }) => {
    const watch = etcd.watch({ prefix });
    await watch.opened;
    await etcd.put(`${prefix}a`, "");
    for await (const event of watch) {
      expect(event.type).to.equal("put");
      break;
    }
    await until("idle", () => etcd.connection.state.state === "idle");
  },

  "return() ends a watch at once, also while a read is pending and nothing arrives": async ({ etcd, prefix }) => {
    const watch = etcd.watch({ prefix });
    await watch.opened;
    const reader = watch[Symbol.asyncIterator]();
    const pending = [reader.next(), reader.next()];
    await soon(reader.return?.());
    expect(await soon(Promise.all(pending))).to.deep.equal(Array(2).fill({ done: true, value: undefined }));
    expect(await soon(reader.next())).to.deep.equal({ done: true, value: undefined });
  },

  "close() and dispose end a watch at once": async ({ etcd, prefix }) => {
    for (const end of ["close", asyncDispose] as const) {
      const watch = etcd.watch({ prefix });
      await watch.opened;
      const pending = watch[Symbol.asyncIterator]().next();
      await soon(watch[end]());
      expect(await soon(pending)).to.deep.equal({ done: true, value: undefined });
      await watch[end]();
    }
  },

  "close() before the first iteration leaves a watch that is done": async ({ etcd, prefix }) => {
    const watch = etcd.watch({ prefix });
    await watch.close();
    expect(await take(watch, 1)).to.deep.equal([]);
    await rejection(watch.opened, "closed");
  },

  "a signal makes a watch reject with the signal's reason": async ({ etcd, prefix }) => {
    const abort = new AbortController();
    const watch = etcd.watch({ prefix }, { signal: abort.signal });
    await watch.opened;
    const reader = watch[Symbol.asyncIterator]();
    const pending = reader.next();
    const reason = new Error("enough");
    abort.abort(reason);
    expect(await soon(reasonOf(pending))).to.equal(reason);
    expect(await reader.next()).to.deep.equal({ done: true, value: undefined });
  },

  "a signal that was aborted before ends a watch before it begins": async ({ etcd, prefix }) => {
    const reason = new Error("never mind");
    const watch = etcd.watch({ prefix }, { signal: AbortSignal.abort(reason) });
    expect(await soon(reasonOf(take(watch, 1)))).to.equal(reason);
    expect(await reasonOf(watch.opened)).to.equal(reason);
  },

  "closing the client makes its watches reject with closed": async ({ client, prefix }) => {
    const etcd = client();
    const watch = etcd.watch({ prefix });
    await watch.opened;
    const pending = watch[Symbol.asyncIterator]().next();
    await etcd.close();
    await rejection(soon(pending), "closed");
    await rejection(take(etcd.watch({ prefix }), 1), "closed");
  },

  "however a watch ends, the server's watcher goes, while its client stays open": async ({ etcd, target, prefix }) => {
    for (const [how, end] of Object.entries(ways)) {
      const abort = new AbortController();
      const watch = etcd.watch({ prefix }, { signal: abort.signal });
      await watch.opened;
      await soon(end({ watch, abort, write: () => etcd.put(`${prefix}a`, how) }));
      await target.settled();
      expect(etcd.connection.state, how).to.deep.equal({ state: "idle" });
    }
  },

  // Deno 2 forgets a request whose Response was collected while its body is still read: then nothing ends it.
  "a watch at rest outlives collections of garbage: it hears, and ends at once": async ({ etcd, target, prefix }) => {
    for (const [how, end] of Object.entries(ways)) {
      const abort = new AbortController();
      const watch = etcd.watch({ prefix }, { signal: abort.signal });
      await watch.opened;
      await collectGarbage();
      await soon(end({ watch, abort, write: () => etcd.put(`${prefix}a`, how) }));
      await target.settled();
      expect(etcd.connection.state, how).to.deep.equal({ state: "idle" });
    }
  },

  "a watch has one reader": async ({ etcd, prefix }) => {
    await using watch = etcd.watch({ prefix });
    const reader = watch[Symbol.asyncIterator]();
    expect(() => watch[Symbol.asyncIterator]()).to.throw(TypeError);
    expect(() => watch.batches()[Symbol.asyncIterator]()).to.throw(TypeError);
    const pending = reader.next();
    await watch.opened;
    await etcd.put(`${prefix}a`, "");
    expect((await pending).value).to.include({ type: "put" });
  },

  "a watch does nothing until it is iterated or asked for its opening": async ({ etcd, prefix }) => {
    etcd.watch({ prefix });
    await etcd.count({ prefix });
    expect(etcd.connection.state).to.deep.equal({ state: "idle" });
  },

  "connection goes from idle over connecting to live, and back": async ({ client, prefix }) => {
    const etcd = client();
    const heard: string[] = [];
    etcd.connection.subscribe(() => heard.push(etcd.connection.state.state));
    const watch = etcd.watch({ prefix });
    await watch.opened;
    await watch.close();
    await etcd.close();
    expect(heard).to.deep.equal(["connecting", "live", "idle", "closed"]);
  },

  "connection, iterated, gives the state it is in and ends when the client is closed": async ({ client, prefix }) => {
    const etcd = client();
    const states: string[] = [];
    const reading = (async () => {
      for await (const { state } of etcd.connection) states.push(state);
    })();
    const watch = etcd.watch({ prefix });
    await watch.opened;
    await until("live", () => states.includes("live"));
    await etcd.close();
    await soon(reading);
    expect([states[0], states.at(-1)]).to.deep.equal(["idle", "closed"]);
  },
};

/** What does not wait for the server: far below any time-out, far above any busy machine. */
async function soon<T>(promise: PromiseLike<T> | undefined): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new AssertionError("not at once")), 5_000);
  });
  try {
    return await Promise.race([promise as PromiseLike<T>, late]);
  } finally {
    clearTimeout(timer);
  }
}
