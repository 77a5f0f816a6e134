/** What the build puts here: the files of the page, and a name that changes with any of them. */
declare const PAGE_FILES: readonly string[];
declare const PAGE_VERSION: string;

/** A service worker's scope, as far as it is used here; the types of the page's do not know of it. */
interface Scope {
  readonly registration: { readonly scope: string };
  skipWaiting(): Promise<void>;
  addEventListener(type: "install" | "activate" | "fetch", listener: (event: WorkerEvent) => void): void;
}

interface WorkerEvent {
  readonly request: Request;
  waitUntil(done: Promise<unknown>): void;
  respondWith(answer: Promise<Response>): void;
}

const scope = self as unknown as Scope;
const home = new URL(scope.registration.scope);
const cacheName = `etcd-web-playground ${home.pathname} ${PAGE_VERSION}`;
const pageUrls = new Set(PAGE_FILES.map((file) => new URL(file, home).href));

scope.addEventListener("install", (event) => event.waitUntil(keepFiles()));
scope.addEventListener("activate", (event) => event.waitUntil(dropOthers()));

// Only the page's own files: a call to etcd never passes through here.
scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const [url = ""] = request.url.split(/[?#]/);
  if (request.method !== "GET") return;
  if (url === home.href || url === `${home.href}index.html`) event.respondWith(newest(request));
  else if (pageUrls.has(url)) event.respondWith(kept(request));
});

async function keepFiles(): Promise<void> {
  const cache = await caches.open(cacheName);
  // The page names its files: one that the browser has cached may be of before, and name others.
  await cache.addAll([new Request(home.href, { cache: "reload" }), ...pageUrls]);
  await scope.skipWaiting();
}

/** Of older versions; windows that still show one have loaded what they need, or load it from the host. */
async function dropOthers(): Promise<void> {
  const mine = cacheName.slice(0, -PAGE_VERSION.length);
  const names = await caches.keys();
  await Promise.all(
    names.filter((name) => name.startsWith(mine) && name !== cacheName).map((name) => caches.delete(name)),
  );
}

/** The page as its host has it now; without a network, as it was. */
async function newest(request: Request): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const found = await caches.match(home.href);
    if (found === undefined) throw error;
    return found;
  }
}

/** Their names change with their content. */
async function kept(request: Request): Promise<Response> {
  return (await caches.match(request)) ?? fetch(request);
}
