import { createHash } from "node:crypto";
import { join } from "node:path";
import { build, type Plugin } from "vite";

const folder = join(import.meta.dirname, "src/panels/code/sandbox");
const name = "virtual:sandbox";
/** In the content security policy of index.html. */
const place = "'sha256-SANDBOX'";

/**
 * `virtual:sandbox` is the document that code of the visitor's runs in, as text for a frame's `srcdoc`: one inline
 * script, by whose hash alone its content security policy allows it. No URL is allowed at all, not even this site's. A
 * frame has its page's policy too, so that one names the hash as well.
 */
export function sandboxDocument(): Plugin {
  let made: Promise<Sandbox> | undefined;
  const sandbox = (): Promise<Sandbox> => {
    made ??= makeSandbox();
    return made;
  };
  return {
    name: "sandbox-document",
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    async load(id) {
      if (id !== `\0${name}`) return undefined;
      return `export const sandboxDocument = ${JSON.stringify((await sandbox()).text)}`;
    },
    transformIndexHtml: async (html) => html.replace(place, (await sandbox()).hash),
    // While the playground is worked on.
    handleHotUpdate({ file }) {
      if (file.startsWith(folder)) made = undefined;
    },
  };
}

interface Sandbox {
  readonly text: string;
  /** Of its script, as a policy names it. */
  readonly hash: string;
}

async function makeSandbox(): Promise<Sandbox> {
  const worker = await bundle("worker.ts");
  const script = inline(await bundle("document.ts", worker));
  const hash = `'sha256-${createHash("sha256").update(script).digest("base64")}'`;
  const policy = `default-src 'none'; script-src ${hash}; worker-src blob:; base-uri 'none'; form-action 'none'`;
  const metas = `<meta charset="utf-8" /><meta http-equiv="Content-Security-Policy" content="${policy}" />`;
  const head = `<head>${metas}<title>Sandbox</title></head>`;
  return { hash, text: `<!doctype html><html lang="en">${head}<body><script>${script}</script></body></html>` };
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
