import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { build } from "vite";

/** A page that holds the contract, on an origin of its own. */
export interface ContractSite {
  readonly url: string;
  stop(): Promise<void>;
}

/** Bundles the contract for browsers and serves it. */
export async function serveContract(): Promise<ContractSite> {
  const script = await bundle();
  const server = createServer(({ url }, response) => {
    const [type, body] = url === "/contract.js" ? ["text/javascript", script] : ["text/html", page];
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
const page = `<!doctype html><title>The contract</title><link rel="icon" href="data:," />
<script type="module" src="contract.js"></script>`;

async function bundle(): Promise<string> {
  const entry = fileURLToPath(new URL("contract-page.ts", import.meta.url));
  const output = await build({
    configFile: false,
    logLevel: "error",
    build: { write: false, minify: false, lib: { entry, formats: ["es"], fileName: "contract" } },
  });
  const files = [output].flat().flatMap((each) => ("output" in each ? each.output : []));
  const script = files.find((file) => file.type === "chunk");
  if (script?.type !== "chunk") throw new Error("Vite built no script.");
  return script.code;
}
