import { join } from "node:path";
import { build } from "vite";
import { serveFolder } from "../fixtures/static-site.ts";
import { temporaryFolder } from "../fixtures/temporary-folder.ts";

/** The page as it is built, on a static host. */
export interface PlaygroundSite extends AsyncDisposable {
  /** Where the page is, without a slash at its end: in a folder of the host. */
  readonly pageUrl: string;
  /** Where the page comes from: for a proxy's CORS. */
  readonly origin: string;
  /** The folder with the page's files. */
  readonly files: string;
  /** Runs something while nobody answers at the page's URL. */
  whileGone(run: () => Promise<void>): Promise<void>;
}

const subPath = "tools/etcd";

export async function servePlayground(): Promise<PlaygroundSite> {
  const folder = await temporaryFolder("playground");
  const files = join(folder.path, subPath);
  try {
    const root = join(import.meta.dirname, "../../playground");
    await build({ root, logLevel: "error", build: { outDir: files, emptyOutDir: false } });
    let site = await serveFolder(folder.path);
    const origin = site.url;
    return {
      pageUrl: `${origin}/${subPath}`,
      origin,
      files,
      async whileGone(run) {
        await site[Symbol.asyncDispose]();
        await run().finally(async () => {
          site = await serveFolder(folder.path, Number(new URL(origin).port));
        });
      },
      async [Symbol.asyncDispose]() {
        await site[Symbol.asyncDispose]();
        await folder.remove();
      },
    };
  } catch (error) {
    await folder.remove();
    throw error;
  }
}
