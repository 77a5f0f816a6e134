import { indexedTexts, localTexts } from "../platform/storages.ts";

/** A place that keeps text: an unstorage driver, a cache, a database. What it throws shows as `storageError`. */
export interface ViewStorage {
  /** What was saved; read at once where it is no promise, so that the first paint has it. */
  load(id: string): Promise<string | undefined> | string | undefined;
  /** Keeps a text, in place of what was saved before by that id. */
  save(id: string, data: string): Promise<void> | void;
}

/** The storage meant. */
export function toStorage(storage: "local" | "indexeddb" | ViewStorage): ViewStorage {
  if (storage === "local") return localTexts;
  if (storage === "indexeddb") return indexedTexts;
  return storage;
}
