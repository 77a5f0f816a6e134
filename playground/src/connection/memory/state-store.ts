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

/** Asked and committed in one turn: a worker that ends with its last window leaves a write that goes on without it. */
async function run<T>(mode: IDBTransactionMode, ask: (states: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const transaction = (await open()).transaction(store, mode);
  const request = ask(transaction.objectStore(store));
  transaction.commit();
  return new Promise<T>((resolve, reject) => {
    transaction.oncomplete = () => resolve(request.result);
    transaction.onabort = () => reject(transaction.error ?? new Error("The browser has closed its storage"));
  });
}

let opened: Promise<IDBDatabase> | undefined;

/** Opened once, until the browser closes it or somebody wants to delete it; what has failed is tried again. */
function open(): Promise<IDBDatabase> {
  opened ??= openDatabase();
  return opened;
}

function close(): void {
  opened = undefined;
}

function openDatabase(): Promise<IDBDatabase> {
  const request = indexedDB.open("etcd-web-playground", 1);
  return new Promise((resolve, reject) => {
    request.onupgradeneeded = () => request.result.createObjectStore(store);
    request.onerror = () => {
      close();
      reject(request.error);
    };
    request.onsuccess = () => {
      const database = request.result;
      database.onclose = close;
      database.onversionchange = () => {
        close();
        database.close();
      };
      resolve(database);
    };
  });
}
