import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "vite";

/** A page with a script, on an origin of its own. */
export interface ScriptSite extends AsyncDisposable {
  readonly url: string;
  stop(): Promise<void>;
}

/** Bundles a file of this folder for browsers and serves it. */
export async function serveScript(file: string): Promise<ScriptSite> {
  const script = await bundle(file);
  const server = createServer(({ url }, response) => {
    const [type, body] = url === "/script.js" ? ["text/javascript", script] : ["text/html", page];
    response.setHeader("content-type", `${type}; charset=utf-8`).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { url: `http://localhost:${port}/`, stop, [Symbol.asyncDispose]: stop };
}

// An empty icon, or the browser asks for one and logs that there is none.
const page = `<!doctype html><title>A script</title><link rel="icon" href="data:," />
<script type="module" src="script.js"></script>`;

async function bundle(file: string): Promise<string> {
  const entry = fileURLToPath(new URL(file, import.meta.url));
  const output = await build({
    configFile: false,
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"development"' }, // React says more then
    build: { write: false, minify: false, lib: { entry, formats: ["es"], fileName: "script" } },
  });
  const files = [output].flat().flatMap((each) => ("output" in each ? each.output : []));
  const script = files.find((file) => file.type === "chunk");
  if (script?.type !== "chunk") throw new Error("Vite built no script.");
  return script.code;
}
