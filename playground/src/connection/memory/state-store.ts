const store = "memory";

/** What an etcd in this page has been saved as, in the browser's IndexedDB. */
export async function loadState(name: string): Promise<Uint8Array | undefined> {
  return run("readonly", (states) => states.get(name));
}

export async function saveState(name: string, state: Uint8Array): Promise<void> {
  await run("readwrite", (states) => states.put(state, name));
}

export async function deleteState(name: string): Promise<void> {
  await run("readwrite", (states) => states.delete(name));
}

/** The names of those that are kept. */
export async function savedNames(): Promise<readonly string[]> {
  const keys: IDBValidKey[] = await run("readonly", (states) => states.getAllKeys());
  return keys.filter((key) => typeof key === "string");
}

async function run<T>(mode: IDBTransactionMode, ask: (states: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    const transaction = database.transaction(store, mode);
    const request = ask(transaction.objectStore(store));
    return await new Promise<T>((resolve, reject) => {
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    database.close();
  }
}

function open(): Promise<IDBDatabase> {
  const request = indexedDB.open("etcd-web-playground", 1);
  return new Promise((resolve, reject) => {
    request.onupgradeneeded = () => request.result.createObjectStore(store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
