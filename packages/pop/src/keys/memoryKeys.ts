import type { KeyStore, StoredKey } from './KeyStore.js'

/**
 * Keeps a key in memory.
 *
 * @param key The key, where there is one.
 * @returns The store.
 */
export function memoryKeys(key?: StoredKey): KeyStore {
  return { get: () => key, update: (next) => (key = next(key)) }
}
