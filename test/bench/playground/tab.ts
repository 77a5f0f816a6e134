import type { Browser, CDPSession } from "puppeteer-core";

/** A tab in a browser profile of its own: nothing is cached, nothing stored. */
export interface Tab extends AsyncDisposable {
  readonly devtools: CDPSession;
  /** Asks until an expression is true in the page. */
  until(what: string, expression: string, withinMs?: number): Promise<void>;
}

const size = { width: 1280, height: 800 };
const askEveryMs = 50;

/**
 * Opens an empty tab. Not puppeteer's `newPage()`, which listens to the network and to the console: then the browser
 * keeps what it tells, and calls of the page cost up to a half more.
 */
export async function openTab(browser: Browser): Promise<Tab> {
  const context = await browser.createBrowserContext();
  const owner = await browser.target().createCDPSession();
  const ofContext = { ...(context.id !== undefined && { browserContextId: context.id }) };
  await owner.send("Target.createTarget", { url: "about:blank", ...ofContext, ...size });
  const target = await context.waitForTarget((each) => each.type() === "page");
  const devtools = await target.createCDPSession();
  return {
    devtools,
    async until(what, expression, withinMs = 60_000) {
      const question = `new Promise((answer) => {
        const ask = () => {
          if (${expression}) answer(true);
          else if (performance.now() > until) answer(false);
          else setTimeout(ask, ${askEveryMs});
        };
        const until = performance.now() + ${withinMs};
        ask();
      })`;
      const { result } = await devtools.send("Runtime.evaluate", { expression: question, awaitPromise: true });
      if (result.value !== true) throw new Error(`${what}: not within ${withinMs} ms`);
    },
    async [Symbol.asyncDispose]() {
      await owner.detach();
      await context.close();
    },
  };
}
