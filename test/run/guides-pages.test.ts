import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { expect } from "chai";
import { rolldown } from "rolldown";
import { until } from "../contract/expectations.ts";
import { launchChromium } from "../fixtures/chromium.ts";
import { blockAt, readBlocks } from "../fixtures/guides.ts";
import { serveFolder } from "../fixtures/static-site.ts";
import { startWorkerd, type Workerd } from "../fixtures/workerd.ts";
import { type Ground, startGround } from "./examples/ground.ts";

/** What a page has made of the components. */
interface Shown {
  html(): Promise<string>;
  readonly errors: readonly string[];
}

const script = '<script type="module" src="script.js"></script>';

suite("the guides' Workers in workerd, their components in Chromium", () => {
  let ground: Ground;
  before(async () => {
    ground = await startGround();
  });
  after(() => ground?.[Symbol.asyncDispose]());

  /** Bundles modules of a guide, the last of them with all that it imports. */
  async function bundle(name: string, modules: Readonly<Record<string, string>>): Promise<string> {
    const folder = ground.clone.example(name);
    await mkdir(folder);
    for (const [file, code] of Object.entries(modules)) {
      await writeFile(join(folder, file), code.replaceAll("https://etcd.example.com", ground.envoy.url));
    }
    await using built = await rolldown({
      input: join(folder, Object.keys(modules).at(-1) ?? ""),
      external: ["cloudflare:workers"],
      platform: "browser",
      transform: { define: { "process.env.NODE_ENV": '"production"' } },
      logLevel: "silent",
    });
    await built.write({ file: join(folder, "script.js"), codeSplitting: false });
    return folder;
  }

  const answerOf = async ({ url }: Workerd): Promise<string> => await (await fetch(url)).text();

  test("workers: a client for a request", async () => {
    await ground.etcd.put("config/banner", "Hello");
    const block = blockAt(await readBlocks("workers"), "A client", "ts");
    const folder = await bundle("a-client", { "worker.ts": block });
    await using worker = await startWorkerd({
      folder,
      script: "script.js",
      variables: { ENDPOINTS: ground.envoy.url },
    });
    expect([await answerOf(worker), await answerOf(worker)]).to.deep.equal(["Hello", "Hello"]);
    await ground.etcd.put("config/banner", "Changed");
    expect([await answerOf(worker), worker.output()]).to.deep.equal(["Changed", ""]);
  });

  test("workers: what was read is remembered, and read again behind an answer", async () => {
    await ground.etcd.delete("config/greeting");
    const block = blockAt(await readBlocks("workers"), "Read and remember", "ts");
    const folder = await bundle("remember", { "worker.ts": block });
    await using worker = await startWorkerd({ folder, script: "script.js", variables: {} });
    expect(await answerOf(worker)).to.equal("Hello");
    await ground.etcd.put("config/greeting", '"Hello from etcd"');
    await until("the change is there", async () => (await answerOf(worker)) === "Hello from etcd");
    expect(worker.output()).to.equal("");
  });

  test("workers: the Durable Object follows, and all requests ask it", async () => {
    await ground.etcd.put("config/banner", "Hello");
    const block = blockAt(await readBlocks("workers"), "One watch for all", "ts");
    const requests = `
      export { Configuration } from "./configuration.ts";
      export default {
        fetch: async (_, { OBJECT }) => new Response(await OBJECT.getByName("the only one").read("config/banner")),
      };`;
    const folder = await bundle("one-watch", { "configuration.ts": block, "worker.js": requests });
    const storage = join(folder, "storage");
    await mkdir(storage);
    const objects = { OBJECT: "Configuration" };
    await using worker = await startWorkerd({ folder, script: "script.js", variables: {}, objects, storage });
    expect(new Set(await Promise.all(Array.from({ length: 9 }, () => answerOf(worker))))).to.deep.equal(
      new Set(["Hello"]),
    );
    await until("it watches, once", async () => (await ground.server.watchers()) === 1);
    await ground.etcd.put("config/banner", "Changed");
    await until("it follows", async () => (await answerOf(worker)) === "Changed");
    expect(worker.output()).to.equal("");
  });

  /** Opens a page of components, and keeps what goes wrong there. */
  async function open(stack: AsyncDisposableStack, folder: string): Promise<Shown> {
    await writeFile(join(folder, "index.html"), `<link rel="icon" href="data:,"><main></main>${script}`);
    const site = stack.use(await serveFolder(folder));
    const { browser } = stack.use(await launchChromium());
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(`${site.url}/`);
    return { errors, html: () => page.$eval("main", (main) => main.innerHTML) };
  }

  test("react: the first component shows the value, and follows it", async () => {
    await using stack = new AsyncDisposableStack();
    await ground.etcd.put("config/banner", "Hello");
    const block = blockAt(await readBlocks("react"), "Live configuration in React", "tsx");
    const modules = { "app.tsx": block, "page.tsx": mounted("App", "./app.tsx") };
    const { html, errors } = await open(stack, await bundle("react-first", modules));
    await until("it shows the value", async () => (await html()) === '<p role="status">Hello</p>');
    await ground.etcd.put("config/banner", "Changed");
    await until("it follows", async () => (await html()) === '<p role="status">Changed</p>');
    await ground.etcd.delete("config/banner");
    await until("it follows to the end", async () => (await html()) === "");
    expect(errors).to.deep.equal([]);
  });

  test("react: what the schema refuses is counted, and the last good value stays", async () => {
    await using stack = new AsyncDisposableStack();
    const block = blockAt(await readBlocks("react"), "Typed values, defaults, and values that are wrong", "tsx");
    const declared = "declare const themeSchema: StandardSchema<Theme>;";
    expect(block).to.contain(declared);
    const schema = `const validate = (value: Theme) =>
      typeof value.dark === "boolean" ? { value } : { issues: [{ message: "dark is no boolean" }] };
      const themeSchema: StandardSchema<Theme> = { "~standard": { version: 1, vendor: "test", validate } };`;
    const both = `import { Broken, Heading } from "./themes.tsx";\nexport const Both = () => <><Heading /><Broken /></>;`;
    const themes = block.replace(declared, schema);
    const modules = { "themes.tsx": themes, "both.tsx": both, "page.tsx": mounted("Both", "./both.tsx") };
    const { html, errors } = await open(stack, await bundle("react-typed", modules));
    const heading = (colour: string): string => `<h1 style="color: ${colour};">Settings</h1>`;
    await until("it shows the default", async () => (await html()) === heading("navy"));
    await ground.etcd.put("themes/main", '{ "colour": "red", "dark": true }');
    await until("it shows what is set", async () => (await html()) === heading("red"));
    await ground.etcd.put("themes/main", '{ "colour": "green" }');
    await until("it says so", async () => (await html()).includes("1 settings cannot be read"));
    expect(await html()).to.contain(heading("red"));
    expect(errors).to.deep.equal([]);
  });
});

/** A page of one component. */
function mounted(component: string, from: string): string {
  return `import { createRoot } from "react-dom/client";
    import { ${component} } from "${from}";
    createRoot(document.querySelector("main") as Element).render(<${component} />);`;
}
