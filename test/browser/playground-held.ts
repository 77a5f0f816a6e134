import type { Page } from "puppeteer-core";

/** What a page has asked and is not told yet. */
export interface Held extends AsyncDisposable {
  /** Tells it, and holds nothing more. */
  release(): Promise<void>;
}

/**
 * Holds back what comes from a method of etcd's, "Watch/Watch", from now on: as a proxy does that collects what it
 * passes on, or a slow line. The calls themselves arrive. For a page that was opened after `canHold()`.
 */
export async function hold(page: Page, method: string): Promise<Held> {
  await page.evaluate((path) => globalThis.holding.hold(path), method);
  const release = (): Promise<void> => page.evaluate((path) => globalThis.holding.release(path), method);
  return { release, [Symbol.asyncDispose]: release };
}

/** From the next document on. */
export async function canHold(page: Page): Promise<void> {
  await page.evaluateOnNewDocument(installHolding);
}

declare global {
  /** In the page. */
  var holding: { hold(path: string): void; release(path: string): void };
}

/** Runs in the page, before its scripts. */
function installHolding(): void {
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const passing = (url: string): Promise<void> | undefined =>
    Array.from(gates).find(([path]) => url.endsWith(path))?.[1].promise;
  const straight = globalThis.fetch.bind(globalThis);
  globalThis.holding = {
    hold: (path) => void gates.set(path, Promise.withResolvers()),
    release(path) {
      gates.get(path)?.resolve();
      gates.delete(path);
    },
  };
  globalThis.fetch = async (input, init) => {
    const url = String(input instanceof Request ? input.url : input);
    const answer = await straight(input, init);
    await passing(url);
    if (!url.endsWith("/Watch") || answer.body === null) return answer;
    const body = answer.body.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        async transform(chunk, controller) {
          await passing(url);
          controller.enqueue(chunk);
        },
      }),
    );
    return Object.defineProperty(answer, "body", { value: body });
  };
}
