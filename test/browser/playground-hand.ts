import type { Page } from "puppeteer-core";
import { eventually } from "../fixtures/eventually.ts";
import { launchFirefox } from "../fixtures/firefox.ts";
import { launchWebKit } from "../fixtures/webkit.ts";

/** What somebody does with a page, in any browser: real clicks and keys, at what a screen reader would call it. */
export interface Hand extends AsyncDisposable {
  goto(url: string): Promise<void>;
  /** Loads a page anew, also where its URL differs from the one before in nothing but the fragment. */
  open(url: string): Promise<void>;
  press(name: string, role?: Role): Promise<void>;
  /** Types into what has this label, in place of what it holds. */
  write(label: string, text: string): Promise<void>;
  /** Waits until the element's text holds every one of the words. */
  shown(selector: string, ...words: readonly string[]): Promise<void>;
  evaluate: Driver["evaluate"];
}

type Role = "button" | "radio" | "menuitem" | "textbox" | "option";

/** What a browser must be able to do for that. */
interface Driver extends AsyncDisposable {
  goto(url: string): Promise<unknown>;
  /** Runs a function in the page: it sees its arguments, as JSON, and nothing around it. */
  evaluate<A extends readonly unknown[], T>(run: (...args: A) => T, ...args: A): Promise<T>;
  click<A extends readonly unknown[]>(find: (...args: A) => Element, ...args: A): Promise<void>;
  keys(text: string): Promise<void>;
  /** Of the field that has the focus. */
  selectAll(): Promise<void>;
}

export const engines: Readonly<Record<string, () => Promise<Hand>>> = {
  Firefox: async () => handOf(await firefox()),
  WebKit: async () => handOf(await webKit()),
};

function handOf(driver: Driver): Hand {
  const { goto, evaluate, click } = driver;
  const press = (name: string, role: Role = "button"): Promise<void> =>
    eventually(`${role} ${name} is pressed`, () => click(namedElement, role, name).then(() => true)).then(() => {});
  return {
    evaluate,
    press,
    goto: async (url) => void (await goto(url)),
    async open(url) {
      await goto("about:blank");
      await goto(url);
    },
    async write(label, text) {
      await press(label, "textbox");
      await driver.selectAll();
      await driver.keys(text);
    },
    async shown(selector, ...words) {
      try {
        await eventually("words", async () => ((await evaluate(holdsAll, selector, words)) ? true : undefined));
      } catch (cause) {
        const text = await evaluate(textOf, selector).catch(String);
        throw new Error(`${selector} does not show ${words.join(" and ")}, but: ${text}`, { cause });
      }
    },
    [Symbol.asyncDispose]: () => driver[Symbol.asyncDispose](),
  };
}

async function firefox(): Promise<Driver> {
  const { browser, stop } = await launchFirefox();
  const page = await browser.newPage();
  return {
    goto: (url) => page.goto(url),
    evaluate: (run, ...args) => page.evaluate(run as never, ...(args as never)) as never,
    async click(find, ...args) {
      const found = (await page.evaluateHandle(find as never, ...(args as never))) as unknown as ElementOfPage;
      await found.click();
    },
    keys: (text) => page.keyboard.type(text),
    async selectAll() {
      await page.keyboard.down("Control");
      await page.keyboard.press("a");
      await page.keyboard.up("Control");
    },
    [Symbol.asyncDispose]: stop,
  };
}

type ElementOfPage = NonNullable<Awaited<ReturnType<Page["$"]>>>;

/** WebDriver's code point for it. */
const control = "\ue009";

async function webKit(): Promise<Driver> {
  const browser = await launchWebKit();
  return { ...browser, selectAll: () => browser.keys("a", [control]) };
}

/** Runs in the page: what can be seen and has this role and name, also in shadow roots. */
function namedElement(role: string, name: string): Element {
  const fields = "input:not([type=radio], [type=checkbox]), textarea, [role=textbox]";
  const candidates = role === "textbox" ? fields : role === "button" ? "button:not([role])" : `[role=${role}]`;
  const hosts = Array.from(document.querySelectorAll("*")).flatMap(({ shadowRoot }) => shadowRoot ?? []);
  const found = [document, ...hosts]
    .flatMap((root) => Array.from(root.querySelectorAll<HTMLElement>(candidates)))
    .find((element) => {
      const labels = Array.from((element as HTMLInputElement).labels ?? []);
      const references = (element.getAttribute("aria-labelledby") ?? "").split(" ");
      const names = [
        element.getAttribute("aria-label"),
        ...[element, ...labels, ...references.map((id) => document.getElementById(id))].map(
          (each) => each?.textContent,
        ),
      ];
      const isOn = !element.matches(":disabled, [aria-disabled=true]") && element.checkVisibility();
      return isOn && names.some((each) => each?.trim() === name);
    });
  if (found === undefined) throw new Error(`There is no ${role} with the name ${name}.`);
  return found;
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
