// SPDX-License-Identifier: Apache-2.0
//
// What is being written is kept in this browser until the server has it: a dropped connection, an
// ended session, a closed tab or a crash cost nobody a word. IndexedDB, since a long story may not
// fit elsewhere; one record a story (and person), deleted when the save was acknowledged.
const NAME = "broadsheet-newsroom", STORE = "unsaved";

export type Kept = { key: string; at: number; revision: number; fields: Record<string, unknown> };

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "key" });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function run<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T | null> {
  try {
    const database = await open();
    return await new Promise<T>((resolve, reject) => {
      const request = work(database.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    }).finally(() => database.close());
  } catch {
    return null; // a private window: the text is on the page, no more can be done
  }
}

export const keep = (kept: Kept) => run("readwrite", (store) => store.put(kept));
export const kept = (key: string) => run<Kept | undefined>("readonly", (store) => store.get(key));
export const forget = (key: string) => run("readwrite", (store) => store.delete(key));
export const allKept = () => run<Kept[]>("readonly", (store) => store.getAll());
