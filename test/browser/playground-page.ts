import type { HandleFor, Locator, Page } from "puppeteer-core";
import { type Chromium, launchChromium } from "../fixtures/chromium.ts";
import { type EnvoyProxy, startEnvoy } from "../fixtures/envoy.ts";
import { type EtcdServer, startEtcd } from "../fixtures/etcd.ts";
import { type EtcdJson, etcdJson } from "../fixtures/etcd-json.ts";
import { type PlaygroundSite, servePlayground } from "./playground-site.ts";

/** The page as it is built, on a static host, a Chromium, and etcd 3.7 behind Envoy. */
export interface Playground extends AsyncDisposable {
  readonly site: PlaygroundSite;
  readonly chromium: Chromium;
  readonly etcd: EtcdServer;
  readonly envoy: EnvoyProxy;
  /** What the real etcd says itself, and what others write there. */
  readonly witness: EtcdJson;
  /** A tab of its own, with a browser profile of its own: `open("#/keys")` is on an etcd in the page. */
  open(hash?: string, prepare?: Prepare): Promise<Tab>;
  /** The same on the real etcd. */
  openReal(hash: string, prepare?: Prepare): Promise<Tab>;
}

/** What is done to a tab before it has loaded anything. */
export type Prepare = (page: Page) => Promise<void>;

/** A tab with the playground. */
export interface Tab extends AsyncDisposable {
  readonly page: Page;
  /** What the console said: nothing, if all is well. A breach of the content security policy is said there too. */
  readonly complaints: string[];
  /** Another tab of the same browser profile: same storage, same workers. */
  beside(hash: string): Promise<Tab>;
}

/** Milliseconds that a test waits for the page. */
const patienceMs = 60_000;

export async function startPlayground(): Promise<Playground> {
  const parts = new AsyncDisposableStack();
  const site = parts.use(await servePlayground());
  const etcd = parts.use(await startEtcd("3.7"));
  const envoy = parts.use(await startEnvoy({ etcd: [etcd.address], allowOrigin: site.origin }));
  const chromium = parts.use(await launchChromium());

  async function open(hash = "", prepare?: Prepare): Promise<Tab> {
    const context = await chromium.browser.createBrowserContext();
    const first = await tab(() => context.newPage(), hash, prepare);
    return { ...first, [Symbol.asyncDispose]: () => context.close() };
  }

  async function tab(create: () => Promise<Page>, hash: string, prepare?: Prepare): Promise<Tab> {
    const page = await create();
    const complaints: string[] = [];
    page.setDefaultTimeout(patienceMs);
    page.on("console", (message) => complaints.push(message.text()));
    page.on("pageerror", (error) => complaints.push(String(error)));
    await prepare?.(page);
    await page.goto(`${site.pageUrl}/${hash}`);
    const beside = (other: string): Promise<Tab> => tab(() => page.browserContext().newPage(), other);
    return { page, complaints, beside, [Symbol.asyncDispose]: () => page.close() };
  }

  return {
    site,
    chromium,
    etcd,
    envoy,
    witness: etcdJson(etcd.address),
    open,
    openReal: (hash, prepare) =>
      open(`${hash}${hash.includes("?") ? "&" : "?"}at=${encodeURIComponent(envoy.url)}`, prepare),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

/** Presses what has this role and name for a screen reader. */
export async function press(page: Page, name: string, role = "button"): Promise<void> {
  await orWhatIsShown(page, `${role} “${name}”`, locate(page, name, role).click());
}

/** Types into the field with this label, in place of what it holds. */
export async function type(page: Page, label: string, text: string, role = "textbox"): Promise<void> {
  const field = await handleOf(page, label, role);
  await field.focus();
  await field.evaluate((element) => (element as HTMLInputElement | HTMLTextAreaElement).select());
  // Not the locator's fill(): it empties a field behind React's back.
  if (text === "") await page.keyboard.press("Delete");
  else await page.keyboard.type(text);
}

/** Pastes into CodeMirror, in place of what it holds. */
export async function writeValue(page: Page, label: string, text: string): Promise<void> {
  const content = await handleOf(page, label, "textbox");
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

function locate(page: Page, name: string, role: string): Locator<Element> {
  return page.locator(`::-p-aria([name="${name}"][role="${role}"])`);
}

function handleOf(page: Page, name: string, role: string): Promise<HandleFor<Element>> {
  return orWhatIsShown(page, `${role} “${name}”`, locate(page, name, role).waitHandle());
}

/** Says what the page shows in place of what was waited for. */
async function orWhatIsShown<T>(page: Page, what: string, found: Promise<T>): Promise<T> {
  try {
    return await found;
  } catch (cause) {
    const text = await page.evaluate(textOf, "body");
    throw new Error(`There is no ${what} to be used at ${page.url()}, but: ${text}`, { cause });
  }
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
