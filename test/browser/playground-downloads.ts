import { join } from "node:path";
import type { Page } from "puppeteer-core";
import { eventually } from "../fixtures/eventually.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";

/** The files that a page gives to the browser's downloads. */
export interface Downloads {
  /** The file of the next one, once it is whole. */
  next(): Promise<string>;
}

export async function downloadsOf(page: Page): Promise<Downloads> {
  const folder = await temporaryFolder("downloads");
  page.once("close", () => void folder.remove());
  const session = await page.createCDPSession();
  const whole: string[] = [];
  session.on("Browser.downloadProgress", ({ guid, state }) => {
    if (state === "completed") whole.push(join(folder.path, guid));
  });
  const browserContextId = page.browserContext().id;
  await session.send("Browser.setDownloadBehavior", {
    behavior: "allowAndName",
    downloadPath: folder.path,
    eventsEnabled: true,
    ...(browserContextId !== undefined && { browserContextId }),
  });
  return { next: () => eventually("a download", async () => whole.shift()) };
}
