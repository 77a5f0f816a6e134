import { EtcdError } from "../base/errors.ts";

/** Characters; a page's localStorage holds about 5 MiB for all of its origin. */
const mostLocal = 1024 * 1024;

/** A place that keeps text. */
interface Storage {
  load(id: string): Promise<string | undefined> | string | undefined;
  save(id: string, data: string): Promise<void> | void;
}

/** The page's localStorage: read at once, so that the first paint has it. */
export const localTexts: Storage = {
  load: (id) => localStorage.getItem(id) ?? undefined,
  save(id, data) {
    if (data.length > mostLocal) {
      localStorage.removeItem(id);
      throw new EtcdError("too-large", `The text is larger than ${mostLocal} characters: keep it in IndexedDB`);
    }
    localStorage.setItem(id, data);
  },
};

/** A database of the page's origin. */
export const indexedTexts: Storage = {
  load: (id) => inStore("readonly", (store) => store.get(id)),
  save: (id, data) => inStore("readwrite", (store) => store.put(data, id)).then(() => {}),
};

async function inStore<R>(mode: IDBTransactionMode, run: (store: IDBObjectStore) => IDBRequest<R>): Promise<R> {
  const opening = indexedDB.open("etcd-web");
  opening.onupgradeneeded = () => opening.result.createObjectStore("texts");
  const database = await settled(opening);
  try {
    return await settled(run(database.transaction("texts", mode).objectStore("texts")));
  } finally {
    database.close();
  }
}

function settled<R>(request: IDBRequest<R>): Promise<R> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
