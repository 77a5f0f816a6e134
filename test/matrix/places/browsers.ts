import type { Browser } from "puppeteer-core";
import { launchChromium } from "../../fixtures/chromium.ts";
import { launchFirefox } from "../../fixtures/firefox.ts";
import { launchWebKit } from "../../fixtures/webkit.ts";
import type { Enter, Start } from "./place.ts";

/** Chromium, through its own protocol. */
export const chromium: Enter = async (start) => {
  const { browser, stop } = await launchChromium({ ignoreCertificateErrors: true, args: ["--js-flags=--expose-gc"] });
  return { ...(await open(browser, start)), [Symbol.asyncDispose]: stop };
};

/** Firefox, through WebDriver BiDi. */
export const firefox: Enter = async (start) => {
  const { browser, stop } = await launchFirefox();
  return { ...(await open(browser, start)), [Symbol.asyncDispose]: stop };
};

/** WebKit, through WebDriver. */
export const webKit: Enter = async ({ desk }) => {
  const { version, goto, stop } = await launchWebKit();
  await goto(`${desk.url}/`);
  return { version, complaints: () => [], [Symbol.asyncDispose]: stop };
};

/** The page hears what scripts log; here also what the browser says on its own. */
async function open(browser: Browser, { desk }: Start): Promise<{ version: string; complaints: () => string[] }> {
  const complaints: string[] = [];
  const page = await browser.newPage();
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => {
    if (isOfScript(error, desk.url)) complaints.push(String(error));
  });
  await page.goto(`${desk.url}/`);
  const version = (await browser.version()).replace(/^.*\//, "");
  return { version, complaints: () => complaints };
}

// Firefox calls every request that fails an error of the page, those too that are made again: nobody's script is in it.
function isOfScript(error: unknown, origin: string): boolean {
  return error instanceof Error && error.stack?.includes(`${origin}/`) === true;
}
