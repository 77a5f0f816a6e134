import { randomUint64 } from "./random.ts";

/** What the tabs of an origin have in common. */
export interface Tabs {
  /** Of this tab. */
  readonly id: string;
  /** Tells when this tab is frozen or put away, right before, and when it is back, until the function returned is called. */
  onSleep(sleep: () => void, wake: () => void): () => void;
  /** A channel to the other tabs: what is posted arrives there in order, as `structuredClone` copies it. */
  open(name: string, onMessage: (message: unknown) => void): TabChannel;
  /**
   * Runs `held` once this tab has the lock, and keeps it until that settles; `lost` aborts when another tab has stolen
   * it. Resolves when it is over, rejects where there can be no lock. `signal` ends the waiting.
   */
  hold(
    name: string,
    options: { readonly steal: boolean; readonly signal: AbortSignal },
    held: (lost: AbortSignal) => Promise<void>,
  ): Promise<void>;
}

/** One tab's end of a channel. */
export interface TabChannel {
  post(message: unknown): void;
  close(): void;
}

/** Those of the page or worker; undefined where there are no locks or channels, as outside of secure contexts. */
export function globalTabs(): Tabs | undefined {
  const locks = "navigator" in globalThis ? globalThis.navigator.locks : undefined;
  if (locks === undefined || !("BroadcastChannel" in globalThis)) return undefined;
  return {
    id: randomUint64().toString(36),
    onSleep,
    open,
    hold: (name, options, held) => hold(locks, name, options, held),
  };
}

function onSleep(sleep: () => void, wake: () => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  const listen = (target: EventTarget, event: string, run: () => void): void =>
    target.addEventListener(event, run, { signal });
  if ("document" in globalThis) {
    listen(globalThis.document, "freeze", sleep);
    listen(globalThis.document, "resume", wake);
    listen(globalThis, "pagehide", sleep);
    listen(globalThis, "pageshow", wake);
  }
  return () => stop.abort();
}

function open(name: string, onMessage: (message: unknown) => void): TabChannel {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => onMessage(data);
  return { post: (message) => channel.postMessage(message), close: () => channel.close() };
}

async function hold(
  locks: LockManager,
  name: string,
  { steal, signal }: Parameters<Tabs["hold"]>[1],
  held: Parameters<Tabs["hold"]>[2],
): Promise<void> {
  const lost = new AbortController();
  try {
    await locks.request(name, steal ? { steal } : { signal }, () => held(lost.signal));
  } catch (error) {
    lost.abort();
    // Stolen, or not waited for any more.
    if (!(error instanceof DOMException && error.name === "AbortError") && !signal.aborted) throw error;
  }
}
