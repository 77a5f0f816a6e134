import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { build } from "vite";
import { createEtcd, type Etcd } from "../../src/index.ts";
import { type Chromium, launchChromium } from "../fixtures/chromium.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { type EtcdServer, startEtcd } from "../fixtures/etcd.ts";
import { serveFolder } from "../fixtures/static-site.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";

/** The page as it is built, on a static host, a Chromium, and etcd 3.7 behind Envoy. */
export interface Playground extends AsyncDisposable {
  /** Where the page is, without a slash at its end: in a folder of a static host. */
  readonly pageUrl: string;
  /** Where the page comes from: for a proxy's CORS. */
  readonly origin: string;
  readonly chromium: Chromium;
  readonly etcd: EtcdServer;
  readonly envoy: EnvoyProxy;
  /** A client of the real etcd, beside the page. */
  readonly client: Etcd;
  /** A tab of its own, with a browser profile of its own: `open("#/keys")` is on an etcd in the page. */
  open(hash?: string): Promise<Tab>;
  /** The same on the real etcd. */
  openReal(hash: string): Promise<Tab>;
  /** Runs something while nobody answers at the page's URL. */
  whileSiteIsGone(run: () => Promise<void>): Promise<void>;
}

/** A tab with the playground. */
export interface Tab extends AsyncDisposable {
  readonly page: Page;
  /** What the console said: nothing, if all is well. A breach of the content security policy is said there too. */
  readonly complaints: string[];
  /** Another tab of the same browser profile: same storage, same workers. */
  beside(hash: string): Promise<Tab>;
}

const subPath = "tools/etcd";

/** Milliseconds that a test waits for the page. */
const patienceMs = 20_000;

export async function startPlayground(): Promise<Playground> {
  const parts = new AsyncDisposableStack();
  const folder = await temporaryFolder("playground");
  parts.defer(folder.remove);
  const root = join(import.meta.dirname, "../../playground");
  await build({ root, logLevel: "error", build: { outDir: join(folder.path, subPath), emptyOutDir: false } });
  let site = await serveFolder(folder.path);
  parts.defer(() => site[Symbol.asyncDispose]());
  const origin = site.url;
  const pageUrl = `${origin}/${subPath}`;
  const etcd = parts.use(await startEtcd("3.7"));
  const envoy = parts.use(await startEnvoy({ etcd: [etcd.address], allowOrigin: origin }));
  const chromium = parts.use(await launchChromium());
  const client = parts.use(createEtcd({ endpoints: envoy.url }));

  async function open(hash = ""): Promise<Tab> {
    const context = await chromium.browser.createBrowserContext();
    const first = await tab(() => context.newPage(), hash);
    return { ...first, [Symbol.asyncDispose]: () => context.close() };
  }

  async function tab(create: () => Promise<Page>, hash: string): Promise<Tab> {
    const page = await create();
    const complaints: string[] = [];
    page.setDefaultTimeout(patienceMs);
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await page.goto(`${pageUrl}/${hash}`);
    const beside = (other: string): Promise<Tab> => tab(() => page.browserContext().newPage(), other);
    return { page, complaints, beside, [Symbol.asyncDispose]: () => page.close() };
  }

  return {
    pageUrl,
    origin,
    chromium,
    etcd,
    envoy,
    client,
    open,
    async whileSiteIsGone(run) {
      await site[Symbol.asyncDispose]();
      await run().finally(async () => {
        site = await serveFolder(folder.path, Number(new URL(origin).port));
      });
    },
    openReal: (hash) => open(`${hash}${hash.includes("?") ? "&" : "?"}at=${encodeURIComponent(envoy.url)}`),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

/** Presses what has this role and name for a screen reader. */
export async function press(page: Page, name: string, role = "button"): Promise<void> {
  await page.locator(`::-p-aria([name="${name}"][role="${role}"])`).click();
}

/** Types into the field with this label, in place of what it holds. */
export async function type(page: Page, label: string, text: string, role = "textbox"): Promise<void> {
  const field = await page.locator(`::-p-aria([name="${label}"][role="${role}"])`).waitHandle();
  await field.focus();
  await field.evaluate((element) => (element as HTMLInputElement | HTMLTextAreaElement).select());
  // Not the locator's fill(): it empties a field behind React's back.
  if (text === "") await page.keyboard.press("Delete");
  else await page.keyboard.type(text);
}

/** Pastes into CodeMirror, in place of what it holds. */
export async function writeValue(page: Page, label: string, text: string): Promise<void> {
  const content = await page.locator(`::-p-aria([name="${label}"][role="textbox"])`).waitHandle();
  await content.focus();
  await page.keyboard.down("Control");
  await page.keyboard.press("a");
  await page.keyboard.up("Control");
  await content.evaluate((element, pasted) => {
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", pasted);
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }, text);
}

/** Waits until the element's text holds every one of the words. */
export async function shown(page: Page, selector: string, ...words: readonly string[]): Promise<void> {
  try {
    await page.waitForFunction(holdsAll, { polling: 50 }, selector, words);
  } catch (cause) {
    const text = await page.evaluate(textOf, selector);
    throw new Error(`${selector} does not show ${words.join(" and ")}, but: ${text}`, { cause });
  }
}

/** Runs in the page. */
function holdsAll(selector: string, words: readonly string[]): boolean {
  const text = document.querySelector<HTMLElement>(selector)?.innerText ?? "";
  return words.every((word) => text.includes(word));
}

/** Runs in the page. */
function textOf(selector: string): string | undefined {
  return document.querySelector<HTMLElement>(selector)?.innerText;
}
