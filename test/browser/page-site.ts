import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "vite";

/** A page of one script, on an origin of its own. */
export interface PageSite {
  readonly url: string;
  stop(): Promise<void>;
}

/** Bundles a script of this folder for browsers and serves a page that runs it. */
export async function servePage(name: string): Promise<PageSite> {
  const script = await bundle(fileURLToPath(new URL(name, import.meta.url)));
  const server = createServer(({ url }, response) => {
    const [type, body] = url === "/page.js" ? ["text/javascript", script] : ["text/html", page];
    response.setHeader("content-type", `${type}; charset=utf-8`).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://localhost:${port}/`, stop };
}

// An empty icon, or the browser asks for one and logs that there is none.
const page = `<!doctype html><title>A test</title><link rel="icon" href="data:," />
<script type="module" src="page.js"></script>`;

async function bundle(entry: string): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: "error",
    mode: "development",
    define: { "process.env.NODE_ENV": '"development"' },
    build: { write: false, minify: false, lib: { entry, formats: ["es"], fileName: "page" } },
  });
  const files = [output].flat().flatMap((each) => ("output" in each ? each.output : []));
  const script = files.find((file) => file.type === "chunk");
  if (script?.type !== "chunk") throw new Error("Vite built no script.");
  return script.code;
}
