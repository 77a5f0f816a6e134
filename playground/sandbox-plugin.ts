import { createHash } from "node:crypto";
import { join } from "node:path";
import { build, type Plugin } from "vite";

const folder = join(import.meta.dirname, "src/panels/code/sandbox");
const name = "virtual:sandbox";
const servedAt = "/sandbox.html";

/**
 * `virtual:sandbox` is the URL of the document that code of the visitor's runs in: one file with one inline script, by
 * whose hash alone its content security policy allows it. No URL is allowed at all, not even this site's own.
 */
export function sandboxDocument(): Plugin {
  let serving = false;
  return {
    name: "sandbox-document",
    configResolved: ({ command }) => {
      serving = command === "serve";
    },
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    async load(id) {
      if (id !== `\0${name}`) return undefined;
      if (serving) return `export const sandboxUrl = ${JSON.stringify(servedAt)}`;
      const file = this.emitFile({ type: "asset", name: "sandbox.html", source: await documentText() });
      return `export const sandboxUrl = import.meta.ROLLUP_FILE_URL_${file}`;
    },
    configureServer({ middlewares }) {
      middlewares.use(servedAt, (_request, response, next) => {
        documentText().then((text) => response.setHeader("content-type", "text/html; charset=utf-8").end(text), next);
      });
    },
  };
}

async function documentText(): Promise<string> {
  const worker = await bundle("worker.ts");
  const script = inline(await bundle("document.ts", worker));
  const hash = createHash("sha256").update(script).digest("base64");
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; worker-src blob:; base-uri 'none'; form-action 'none'`;
  const metas = `<meta charset="utf-8" /><meta http-equiv="Content-Security-Policy" content="${policy}" />`;
  return `<!doctype html><html lang="en"><head>${metas}<title>Sandbox</title></head><body><script>${script}</script></body></html>\n`;
}

/** A classic script. */
async function bundle(file: string, workerScript = ""): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: "error",
    define: { "process.env.NODE_ENV": '"production"' },
    resolve: { tsconfigPaths: true },
    plugins: [worker(workerScript)],
    build: {
      write: false,
      target: "es2022",
      lib: { entry: join(folder, file), formats: ["iife"], name: "sandbox", fileName: "script" },
    },
  });
  const chunks = [output].flat().flatMap((each) => ("output" in each ? each.output : []));
  const [chunk] = chunks.filter((each) => each.type === "chunk");
  if (chunk === undefined) throw new Error(`Nothing came of bundling ${file}`);
  return chunk.code;
}

/** `virtual:worker-script` */
function worker(script: string): Plugin {
  const id = "virtual:worker-script";
  return {
    name: "worker-script",
    resolveId: (wanted) => (wanted === id ? `\0${id}` : undefined),
    load: (wanted) => (wanted === `\0${id}` ? `export const workerScript = ${JSON.stringify(script)}` : undefined),
  };
}

/** What would end the script element, or begin a comment in it, stands in strings only. */
function inline(script: string): string {
  return script.trim().replace(/<(?=\/script|script|!--)/gi, "\\x3c");
}
