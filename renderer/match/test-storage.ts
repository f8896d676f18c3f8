/** Replaces `idb-keyval`, because Node has no IndexedDB. */
export const stored = new Map<IDBValidKey, unknown>();

export const createStore = (): string => 'store';

export async function entries(): Promise<[IDBValidKey, unknown][]> {
  return [...stored];
}

export async function set(key: IDBValidKey, value: unknown): Promise<void> {
  stored.set(key, value);
}

export async function del(key: IDBValidKey): Promise<void> {
  stored.delete(key);
}

export async function delMany(keys: readonly IDBValidKey[]): Promise<void> {
  for (const key of keys) stored.delete(key);
}

export async function clear(): Promise<void> {
  stored.clear();
}
